import type { ToldFact } from '../../../backup-timeline';
import { instantText } from '../../wording';

export function factLine({ at, actor, text }: ToldFact): string {
  return `${instantText(at)}  ${actor === 'engine' ? '' : `${actor}: `}${text}`;
}

/** A heading with lines below it; nothing where there are none. */
export function listLines(heading: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', heading, ...lines.map((line) => `  ${line}`)];
}
