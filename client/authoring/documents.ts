import { readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { catalogue } from '../../activities/index';
import type { LoadedDocument } from '../../definitions/document';
import { loadFiles, loadText } from '../../definitions/load';
import type { LoadResult } from '../../definitions/load';
import type { FilesBeside } from './files-beside';
import { filesOnDisk } from './files-beside';

/** A definition, and the files that lie beside it. */
export interface SourceDocument {
  readonly document: LoadedDocument;
  readonly files: FilesBeside;
}

export interface Sources {
  readonly documents: readonly SourceDocument[];
  readonly problems: LoadResult['problems'];
}

/** Definitions from files and folders. */
export function readSources(paths: readonly string[]): Sources {
  const { documents, problems } = loadFiles(yamlFiles(paths), { catalogue });
  return { documents: documents.map(onDisk), problems };
}

/** Definitions from a text whose files come along with it. */
export function readText(name: string, text: string, files: FilesBeside): Sources {
  const { documents, problems } = loadText(name, text, { catalogue });
  return { documents: documents.map((document) => ({ document, files })), problems };
}

/** The other YAML files of the folder. What is wrong in them is no concern of who did not name them. */
export function readNeighbours(file: string, named: readonly string[]): readonly SourceDocument[] {
  const known = new Set(named);
  const neighbours = yamlFilesOf(dirname(file), false).filter((path) => !known.has(path));
  return readSources(neighbours).documents;
}

/** Folders stand for every YAML file below them; a path that is neither is left for the loader to complain about. */
export function yamlFiles(paths: readonly string[]): readonly string[] {
  return [...new Set(paths.flatMap((path) => (isFolder(path) ? yamlFilesOf(path, true) : [path])))];
}

function yamlFilesOf(folder: string, deep: boolean): readonly string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((left, right) => (left.name < right.name ? -1 : 1));
  return entries.flatMap((entry) => {
    if (entry.name.startsWith('.') || entry.name === 'node_modules') return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return deep ? yamlFilesOf(path, true) : [];
    return entry.isFile() && /\.ya?ml$/.test(entry.name) ? [path] : [];
  });
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function onDisk(document: LoadedDocument): SourceDocument {
  return { document, files: filesOnDisk(dirname(document.file)) };
}
