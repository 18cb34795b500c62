import { lstatSync, readFileSync } from 'node:fs';
import { dirname, isAbsolute, join, sep } from 'node:path';

import type { Found } from './session';

/** Bytes of a file that lies beside a document, or below it: never above, never through a link. */
export function readBeside(documentFile: string, name: string): Found<Uint8Array> {
  const parts = name.split(/[/\\]/);
  if (isAbsolute(name) || parts.includes('..') || parts.includes('') || name.includes('\0'))
    return refuse('FILE_REFUSED', `Cannot use the file "${name}": it must lie beside the document`);
  let path = dirname(documentFile);
  try {
    for (const part of parts) {
      path = join(path, part);
      if (lstatSync(path).isSymbolicLink())
        return refuse('FILE_REFUSED', `Cannot use the file "${name}": "${part}" is a link`);
    }
    return lstatSync(path).isFile()
      ? { ok: true, value: readFileSync(path) }
      : refuse('FILE_UNREADABLE', `Cannot use the file "${name}": it is not a file`);
  } catch (error) {
    const reason =
      typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT'
        ? 'there is no such file'
        : 'it cannot be read';
    return refuse(
      'FILE_UNREADABLE',
      `Cannot use the file "${name}": ${reason} in ${dirname(documentFile).split(sep).at(-1) ?? ''}`,
    );
  }
}

function refuse(code: string, message: string): Found<Uint8Array> {
  return { ok: false, code, message };
}
