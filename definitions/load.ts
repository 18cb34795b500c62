import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';

import { isMap, isScalar } from 'yaml';
import type { Document, Node } from 'yaml';
import { z } from 'zod';

import { BackupPlan } from '../workflows/backup/schema';
import { ChangeModel } from '../workflows/change/schema';
import { Rehearsal } from '../workflows/rehearsal/schema';
import { Runbook } from '../workflows/runbook/schema';
import { convert } from './convert';
import type { Conversion } from './convert';
import type { ConvertOptions } from './convert/walk';
import { definitionKinds, laterKinds } from './document';
import type { Loaded, LoadedDocument } from './document';
import { ApprovalPolicy } from './kinds/approval-policy';
import { Calendar } from './kinds/calendar';
import { Connection } from './kinds/connection';
import { Grant } from './kinds/grant';
import { Hook } from './kinds/hook';
import { Inventory } from './kinds/inventory';
import { MessageTemplate } from './kinds/message-template';
import { Metadata, RunbookMetadata } from './kinds/metadata';
import { Team } from './kinds/people';
import { Person } from './kinds/person';
import { Roster } from './kinds/roster';
import { Subscription } from './kinds/subscription';
import { makeProblem, nearestWord, pathText, problemLimit, quoteFound, sortProblems } from './problems';
import type { ProblemCode } from './problem-codes';
import type { DocumentPath, Problem, ProblemDetail } from './problems';
import { schemaProblems } from './schema-problems';
import { parseYamlText, textLimits } from './yaml-text';
import type { YamlText } from './yaml-text';
import { keyText, locateKey, locateValue, locateWithin, nodeOf, sourceAt, treeOf } from './yaml-tree';
import type { YamlTree } from './yaml-tree';

export interface LoadResult {
  readonly documents: readonly LoadedDocument[];
  /** Of all files, sorted. A document with a problem is not among `documents`. */
  readonly problems: readonly Problem[];
}

export type LoadOptions = ConvertOptions;

export function loadFiles(paths: readonly string[], options: LoadOptions = {}): LoadResult {
  const results = [...new Set(paths)].map((path) => loadFile(path, options));
  return {
    documents: results.flatMap((result) => result.documents),
    problems: sortProblems(results.flatMap((result) => result.problems)),
  };
}

/** `name` stands for the file in problems. Never throws, whatever the text. */
export function loadText(name: string, text: string, options: LoadOptions = {}): LoadResult {
  const yaml = parseYamlText(name, text);
  const documents: LoadedDocument[] = [];
  let problems: readonly Problem[] = yaml.problems;
  const filled = yaml.documents.filter((document) => document.contents !== null && !isNothing(document.contents));
  for (const document of filled) {
    const tree = treeOf({ file: name, text, lines: yaml.lines, document });
    const loaded = loadDocument(tree, textOf(yaml, document), options);
    problems = [...problems, ...firstProblems(tree, loaded.problems)];
    if (loaded.document !== null) documents.push(loaded.document);
  }
  if (filled.length === 0 && problems.length === 0)
    return failed(name, 'EMPTY_FILE', `Cannot read "${name}": it holds no document`);
  return { documents, problems: sortProblems(problems) };
}

function firstProblems(tree: YamlTree, problems: readonly Problem[]): readonly Problem[] {
  if (problems.length <= problemLimit) return problems;
  const message = `Cannot tell every problem of the document: it has more than ${problemLimit}`;
  const place = { file: tree.file, path: [], ...locateValue(tree, []) };
  return [...problems.slice(0, problemLimit), makeProblem('TOO_MANY_PROBLEMS', place, { message })];
}

function loadFile(path: string, options: LoadOptions): LoadResult {
  const bytes = readBytes(path);
  if (typeof bytes === 'string') return failed(path, 'FILE_UNREADABLE', `Cannot read "${path}": ${bytes}`);
  if (bytes.length > textLimits.bytes)
    return failed(
      path,
      'FILE_TOO_LARGE',
      `Cannot read "${path}": it is larger than ${textLimits.bytes / 1024 / 1024} MiB`,
    );
  const text = decodeUtf8(bytes);
  if (text === null) return failed(path, 'TEXT_NOT_UTF8', `Cannot read "${path}": it is not UTF-8`);
  return loadText(path, text, options);
}

/** The bytes, or why there are none. A file that is too large is not read to its end. */
function readBytes(path: string): Uint8Array | string {
  try {
    const stat = statSync(path);
    if (!stat.isFile()) return 'it is not a file';
    return stat.size > textLimits.bytes ? new Uint8Array(textLimits.bytes + 1) : readFileSync(path);
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : String(error);
    return code === 'ENOENT' ? 'there is no such file' : code;
  }
}

function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // A TypeError is how TextDecoder says that the bytes are something else.
    return null;
  }
}

function failed(file: string, code: ProblemCode, message: string): LoadResult {
  return { documents: [], problems: [makeProblem(code, { file, path: [], line: 1, column: 1 }, { message })] };
}

function isNothing(node: Node): boolean {
  return isScalar(node) && node.value === null;
}

/** A file of one document is its text; of several, each without its `---`. */
function textOf(yaml: YamlText, document: Document.Parsed): string {
  if (yaml.documents.length === 1 && yaml.problems.length === 0) return yaml.text;
  return `${yaml.text
    .slice(document.range[0], document.range[1])
    .replace(/^---\s*\n/, '')
    .trimEnd()}\n`;
}

interface DocumentResult {
  readonly document: LoadedDocument | null;
  readonly problems: readonly Problem[];
}

interface Draft {
  readonly tree: YamlTree;
  readonly text: string;
  readonly options: LoadOptions;
}

function loadDocument(tree: YamlTree, text: string, options: LoadOptions): DocumentResult {
  const draft: Draft = { tree, text, options };
  if (!isMap(tree.root))
    return refused(draft, [], { code: 'NOT_A_DOCUMENT', message: 'Cannot read the document: it is not a map' });
  const kind = headerText(tree, 'kind');
  const apiVersion = headerText(tree, 'apiVersion');
  if (kind === null)
    return refused(draft, [], {
      code: 'MISSING_KEY',
      message: 'Cannot read the document: the key "kind" is missing',
      accepted: definitionKinds,
    });
  if (apiVersion === null)
    return refused(draft, [], {
      code: 'MISSING_KEY',
      message: 'Cannot read the document: the key "apiVersion" is missing',
      accepted: ['mainstay/v1'],
    });
  if (apiVersion !== 'mainstay/v1') {
    const message = `Cannot read the document: the version ${quoteFound(apiVersion)} is unknown`;
    return refused(draft, ['apiVersion'], {
      code: 'UNKNOWN_API_VERSION',
      message,
      found: apiVersion,
      accepted: ['mainstay/v1'],
      nearest: 'mainstay/v1',
    });
  }
  return loadKind(draft, kind);
}

function loadKind(draft: Draft, kind: string): DocumentResult {
  switch (kind) {
    case 'Runbook':
      return loadAs(draft, { kind, metadata: RunbookMetadata, spec: Runbook });
    case 'Rehearsal':
      return loadAs(draft, { kind, metadata: Metadata, spec: Rehearsal });
    case 'Inventory':
      return loadAs(draft, { kind, metadata: Metadata, spec: Inventory });
    case 'Connection':
      return loadAs(draft, { kind, metadata: Metadata, spec: connectionSchema(draft) });
    case 'ApprovalPolicy':
      return loadAs(draft, { kind, metadata: Metadata, spec: ApprovalPolicy });
    case 'Team':
      return loadAs(draft, { kind, metadata: Metadata, spec: Team });
    case 'Calendar':
      return loadAs(draft, { kind, metadata: Metadata, spec: Calendar });
    case 'Person':
      return loadAs(draft, { kind, metadata: Metadata, spec: Person });
    case 'Roster':
      return loadAs(draft, { kind, metadata: Metadata, spec: Roster });
    case 'Grant':
      return loadAs(draft, { kind, metadata: Metadata, spec: Grant });
    case 'Hook':
      return loadAs(draft, { kind, metadata: Metadata, spec: Hook });
    case 'Subscription':
      return loadAs(draft, { kind, metadata: Metadata, spec: Subscription });
    case 'MessageTemplate':
      return loadAs(draft, { kind, metadata: Metadata, spec: MessageTemplate });
    case 'ChangeModel':
      return loadAs(draft, { kind, metadata: Metadata, spec: ChangeModel });
    case 'BackupPlan':
      return loadAs(draft, { kind, metadata: Metadata, spec: BackupPlan });
    default: {
      const later = laterKinds.includes(kind) ? ' yet' : '';
      const message = `Cannot read the document: the kind ${quoteFound(kind)} is unknown${later}`;
      return refused(draft, ['kind'], {
        code: 'UNKNOWN_KIND',
        message,
        found: kind,
        accepted: definitionKinds,
        nearest: nearestWord(kind, definitionKinds),
      });
    }
  }
}

interface KindSchemas<K, S> {
  readonly kind: K;
  readonly metadata: z.ZodType<Metadata>;
  readonly spec: z.ZodType<S>;
}

function loadAs<K extends LoadedDocument['kind'], S>(
  draft: Draft,
  as: KindSchemas<K, S>,
): { document: Loaded<K, S> | null; problems: readonly Problem[] } {
  const { tree } = draft;
  const schema = z.strictObject({
    apiVersion: z.literal('mainstay/v1'),
    kind: z.string(),
    metadata: as.metadata,
    spec: as.spec,
  });
  const conversion = convert(tree, schema, draft.options);
  const parsed = schema.safeParse(conversion.value);
  if (!parsed.success) {
    const told = schemaProblems(
      { tree, schema, value: conversion.value, path: [] },
      parsed.error.issues.filter((issue) => !isEcho(conversion, issue)),
    );
    return { document: null, problems: [...conversion.problems, ...told] };
  }
  if (conversion.problems.length > 0) return { document: null, problems: conversion.problems };
  const { metadata, spec } = parsed.data;
  const document: Loaded<K, S> = {
    kind: as.kind,
    metadata: { ...metadata, version: metadata.version ?? '0.0.0' },
    spec,
    file: tree.file,
    text: draft.text,
    digest: createHash('sha256').update(draft.text).digest('hex'),
    positionOf: (path) => locateValue(tree, path),
    positionWithin: (path, offset) => locateWithin(tree, path, offset),
    keyPositionOf: (path) => locateKey(tree, path),
    sourceOf: (path) => sourceAt(tree, path),
  };
  return { document, problems: [] };
}

/** What a schema says about a value that was already refused. */
function isEcho(conversion: Conversion, issue: z.core.$ZodIssue): boolean {
  for (let length = 0; length <= issue.path.length; length++) {
    const path = issue.path.slice(0, length).map((part) => (typeof part === 'symbol' ? part.toString() : part));
    if (conversion.broken.has(pathText(path))) return true;
  }
  return false;
}

/** A connection's settings are the connector's own; without a catalogue, or for another connector, any settings pass. */
function connectionSchema(draft: Draft): z.ZodType<Connection> {
  const spec = isMap(draft.tree.root) ? draft.tree.root.get('spec') : null;
  const type = isMap(spec) ? spec.get('type') : null;
  const catalogue = draft.options.catalogue ?? {};
  const manifest = typeof type === 'string' && Object.hasOwn(catalogue, type) ? catalogue[type] : undefined;
  const own = manifest?.connection;
  if (own === undefined) return draft.options.catalogue === undefined ? Connection : knownTypes(draft);
  return own.pipe(Connection);
}

function knownTypes(draft: Draft): z.ZodType<Connection> {
  const types = Object.entries(draft.options.catalogue ?? {}).filter(
    ([, manifest]) => manifest.connection !== undefined,
  );
  return Connection.extend({ type: z.enum(types.map(([name]) => name)) });
}

function headerText(tree: YamlTree, key: string): string | null {
  if (!isMap(tree.root)) return null;
  const pair = tree.root.items.find((item) => keyText(item) === key);
  const value = nodeOf(pair?.value);
  if (!isScalar(value) || value.value === null) return null;
  return typeof value.value === 'string' ? value.value : (value.source ?? null);
}

function refused(
  draft: Draft,
  path: DocumentPath,
  detail: ProblemDetail & { readonly code: ProblemCode },
): DocumentResult {
  const place = { file: draft.tree.file, path, ...locateValue(draft.tree, path) };
  // What is wrong with the text itself is wrong whatever document it should have been, and may be why it is none.
  const { problems } = convert(draft.tree, z.unknown(), draft.options);
  return { document: null, problems: [...problems, makeProblem(detail.code, place, detail)] };
}
