import { lstatSync, readFileSync } from 'node:fs';
import { isAbsolute, join, normalize, sep } from 'node:path';

/** Files that lie beside a document: `ssh.put {file: nginx.conf}`, `stdin: {file: …}`. */
export interface FilesBeside {
  read(name: string): FileRead;
}

export type FileRead =
  | { readonly ok: true; readonly value: Uint8Array }
  | { readonly ok: false; readonly code: string; readonly message: string };

const limitBytes = 1024 * 1024;

/** No way out of the folder: no absolute path, no `..`, no link on the way. */
export function filesOnDisk(folder: string): FilesBeside {
  return {
    read(name) {
      const refusal = refusalOf(folder, name);
      return refusal === null ? { ok: true, value: new Uint8Array(readFileSync(join(folder, name))) } : refusal;
    },
  };
}

/** Files that came along with a text. */
export function filesInMemory(files: ReadonlyMap<string, Uint8Array>): FilesBeside {
  return {
    read(name) {
      const found = files.get(name);
      return found === undefined ? refuse('FILE_UNREADABLE', name, 'it was not published with the document') : { ok: true, value: found };
    },
  };
}

function refusalOf(folder: string, name: string): Extract<FileRead, { ok: false }> | null {
  const parts = normalize(name).split(sep);
  if (isAbsolute(name) || parts.includes('..')) return refuse('FILE_OUTSIDE', name, 'it does not lie beside the document');
  let path = folder;
  for (const part of parts) {
    path = join(path, part);
    const entry = lstatSync(path, { throwIfNoEntry: false });
    if (entry === undefined) return refuse('FILE_UNREADABLE', name, 'there is no such file');
    if (entry.isSymbolicLink()) return refuse('FILE_OUTSIDE', name, 'a link is on its way');
    if (path === join(folder, name)) {
      if (!entry.isFile()) return refuse('FILE_UNREADABLE', name, 'it is not a file');
      if (entry.size > limitBytes) return refuse('FILE_TOO_LARGE', name, `it has ${entry.size} bytes, at most ${limitBytes}`);
    }
  }
  return null;
}

function refuse(code: string, name: string, state: string): Extract<FileRead, { ok: false }> {
  return { ok: false, code, message: `Cannot use file "${name}": ${state}` };
}
