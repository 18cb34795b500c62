import { readFileSync } from 'node:fs';

import { messageOf } from '../../platform/system-error';
import type { Json } from '../../workflows/domain/json';
import { Misuse } from './failure';

/** `-i version=1.24.0 -i notes=@notes.txt`: text, which the compiler reads by the declared type. */
export function collectInput(
  value: string,
  previous: Readonly<Record<string, Json>> | undefined,
): Readonly<Record<string, Json>> {
  const separator = value.indexOf('=');
  if (separator <= 0) throw new Misuse(`Cannot read input "${value}": expected name=value or name=@file`);
  const text = value.slice(separator + 1);
  return { ...previous, [value.slice(0, separator)]: text.startsWith('@') ? fileText(text.slice(1)) : text };
}

function fileText(path: string): string {
  try {
    // A line break at the end of a file is the editor's, not the author's.
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    throw new Misuse(`Cannot read input file "${path}": ${messageOf(error)}`);
  }
}
