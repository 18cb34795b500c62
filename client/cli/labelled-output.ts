import { TextDecoder } from 'node:util';

import type { OutputChunkView } from '../api/schema';

/** Where output came from, read from the path of its effect. */
export function placeOf(path: string): { readonly step: string; readonly host: string | null } {
  const segments = path.split('/');
  const named = new Map(
    segments.flatMap((part) =>
      part.includes(':') ? [[part.slice(0, part.indexOf(':')), part.slice(part.indexOf(':') + 1)] as const] : [],
    ),
  );
  const host = named.get('host') ?? null;
  const delegate = named.get('delegate');
  const step = segments.filter((part) => !part.includes(':')).at(-1) ?? path;
  const where = host === null ? (delegate ?? null) : delegate === undefined ? host : `${host} on ${delegate}`;
  return { step, host: where === null ? null : decodeURIComponent(where) };
}

/** Whole lines, each with the host and step that wrote it; lines of different jobs never mix. */
export class LabelledOutput {
  readonly #open = new Map<string, { readonly decoder: TextDecoder; rest: string; readonly label: string }>();

  constructor(private readonly print: (line: string) => void) {}

  write(chunk: OutputChunkView): void {
    const job = this.#jobOf(chunk);
    const text = job.rest + job.decoder.decode(Buffer.from(chunk.base64, 'base64'), { stream: true });
    const lines = text.split('\n');
    job.rest = lines.pop() ?? '';
    for (const line of lines) this.print(`${job.label}${line}`);
  }

  /** Last lines without a line break. */
  end(): void {
    for (const { label, rest } of this.#open.values()) if (rest !== '') this.print(`${label}${rest}`);
    this.#open.clear();
  }

  #jobOf(chunk: OutputChunkView): { readonly decoder: TextDecoder; rest: string; readonly label: string } {
    const key = `${chunk.path}@${chunk.generation}/${chunk.phase}/${chunk.stream}`;
    const known = this.#open.get(key);
    if (known !== undefined) return known;
    const { step, host } = placeOf(chunk.path);
    const phase = chunk.phase === 'do' ? '' : ` (${chunk.phase})`;
    const label = `${[...(host === null ? [] : [host]), step].join(' ')}${phase}${chunk.stream === 'stderr' ? ' !' : ''} | `;
    const job = { decoder: new TextDecoder(), rest: '', label };
    this.#open.set(key, job);
    return job;
  }
}
