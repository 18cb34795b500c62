import { plainText } from './ansi';

/**
 * Output as lines, from pieces of bytes that come in any size and from many jobs at once.
 *
 * - O1 A character, a line or an escape may be cut between two pieces: each stream of each job keeps its own beginning.
 * - O2 At most `mostLines` are kept: a browser that shows millions of lines shows none. What was left out is counted.
 */
export interface OutputLine {
  /** Counts up from the first line that ever came. */
  readonly number: number;
  /** Who wrote it: host and step, or the step alone. */
  readonly source: string;
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

export interface OutputPiece {
  readonly path: string;
  readonly phase: string;
  readonly generation: number;
  readonly stream: 'stdout' | 'stderr';
  readonly base64: string;
}

/** A line without an end is cut here, and goes on as the next one. */
const longestLine = 8_000;

export class OutputBuffer {
  readonly #mostLines: number;
  #lines: OutputLine[] = [];
  #count = 0;
  readonly #open = new Map<string, OpenLine>();

  constructor(mostLines = 50_000) {
    this.#mostLines = mostLines;
  }

  add(pieces: readonly OutputPiece[]): void {
    for (const piece of pieces) this.#addPiece(piece);
    const excess = this.#lines.length - this.#mostLines;
    if (excess > 0) this.#lines = this.#lines.slice(excess);
  }

  /** What was begun and not ended is a line of its own once nothing more comes. */
  end(): void {
    for (const open of this.#open.values()) if (open.text !== '') this.#push(open, open.text);
    this.#open.clear();
  }

  lines(): readonly OutputLine[] {
    return this.#lines;
  }

  /** Lines that came and are not kept any more. */
  leftOut(): number {
    return this.#count - this.#lines.length;
  }

  #addPiece(piece: OutputPiece): void {
    const open = this.#openOf(piece);
    const text = open.text + open.decoder.decode(bytesOf(piece.base64), { stream: true });
    const parts = text.split('\n');
    open.text = parts.pop() ?? '';
    for (const part of parts) this.#push(open, part);
    while (open.text.length > longestLine) {
      this.#push(open, open.text.slice(0, longestLine));
      open.text = open.text.slice(longestLine);
    }
  }

  #openOf({ path, phase, generation, stream }: OutputPiece): OpenLine {
    const key = `${path}@${generation}/${phase}/${stream}`;
    const known = this.#open.get(key);
    if (known !== undefined) return known;
    const fresh = { source: sourceOf(path), stream, decoder: new TextDecoder(), text: '' };
    this.#open.set(key, fresh);
    return fresh;
  }

  #push({ source, stream }: OpenLine, text: string): void {
    this.#count += 1;
    this.#lines.push({ number: this.#count, source, stream, text: plainText(text) });
  }
}

interface OpenLine {
  readonly source: string;
  readonly stream: 'stdout' | 'stderr';
  readonly decoder: InstanceType<typeof TextDecoder>;
  text: string;
}

/** `upgrade/host:web1/install` is `web1 upgrade/install`. */
export function sourceOf(path: string): string {
  const parts = path.split('/');
  const hosts = parts.filter((part) => part.startsWith('host:') || part.startsWith('delegate:'));
  const steps = parts.filter((part) => !hosts.includes(part)).join('/');
  const names = hosts.map((part) => decodeURIComponent(part.slice(part.indexOf(':') + 1)));
  return [...names, steps].join(' ');
}

function bytesOf(base64: string): Uint8Array {
  const binary = atob(base64);
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < binary.length; index += 1) bytes[index] = binary.charCodeAt(index);
  return bytes;
}

/** Which lines hold the text, by their place; a phrase in any case. */
export function matchesIn(lines: readonly OutputLine[], text: string): readonly number[] {
  if (text === '') return [];
  const wanted = text.toLowerCase();
  return lines.flatMap((line, index) => (line.text.toLowerCase().includes(wanted) ? [index] : []));
}
