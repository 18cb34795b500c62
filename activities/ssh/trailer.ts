/** The last line that the launcher writes: the host's answer about the job. */
export interface Trailer {
  readonly fields: ReadonlyMap<string, string>;
  /** What stands there without a name, in order. */
  readonly words: readonly string[];
}

/** A mark after which bytes of another kind follow: what the command wrote to its file of results. */
const fileMark = 'file';

/**
 * Takes the launcher's marks out of a byte stream. The bytes before the mark `begin` are noise of a login shell; those behind the mark
 * `file` belong to it; any other mark is the last. A mark carries a random number of its request, so that a command's own output
 * cannot imitate it.
 */
export class MarkSplitter {
  private held: Buffer = Buffer.alloc(0);
  private phase: 'before' | 'output' | 'file' | 'done' = 'before';
  private last: string | null = null;
  private readonly filed: Buffer[] = [];
  private readonly noise: Buffer[] = [];
  private readonly prefix: Buffer;
  private readonly begin: Buffer;

  constructor(
    nonce: string,
    private readonly onBytes: (bytes: Buffer) => void,
  ) {
    this.prefix = Buffer.from(`\n##mainstay ${nonce} `);
    this.begin = Buffer.from(`\n##mainstay ${nonce} begin\n`);
  }

  push(chunk: Buffer): void {
    if (this.phase === 'done') return;
    this.held = this.held.length === 0 ? chunk : Buffer.concat([this.held, chunk]);
    if (this.phase === 'before') this.findBegin();
    while (this.phase === 'output' || this.phase === 'file') if (!this.findMark()) return;
  }

  /** The last mark; null: it has not come. */
  get mark(): string | null {
    return this.last;
  }

  /** Null: there was none. Bytes that are held may be the beginning of a mark that was cut off: they are not given out. */
  get file(): Buffer | null {
    return this.hasFile ? Buffer.concat(this.filed) : null;
  }

  get hasBegun(): boolean {
    return this.phase !== 'before';
  }

  /** What came instead of a beginning: the complaint of a login shell or of sudo. */
  get complaint(): string {
    return Buffer.concat(this.hasBegun ? this.noise : [...this.noise, this.held])
      .toString('utf8')
      .trim();
  }

  private hasFile = false;

  private findBegin(): void {
    const at = this.held.indexOf(this.begin);
    if (at === -1) return;
    this.noise.push(this.held.subarray(0, at));
    this.phase = 'output';
    this.held = this.held.subarray(at + this.begin.length);
  }

  /** False: more bytes are needed. */
  private findMark(): boolean {
    const at = this.held.indexOf(this.prefix);
    if (at === -1) {
      // A mark may be cut by the chunk's end: as many bytes stay as could be its beginning.
      this.give(Math.max(0, this.held.length - (this.prefix.length - 1)));
      return false;
    }
    this.give(at);
    const lineEnd = this.held.indexOf(0x0a, this.prefix.length);
    if (lineEnd === -1) return false;
    const mark = this.held.subarray(this.prefix.length, lineEnd).toString('utf8');
    this.held = this.held.subarray(lineEnd + 1);
    if (mark === fileMark) {
      this.phase = 'file';
      this.hasFile = true;
      return true;
    }
    this.last = mark;
    this.phase = 'done';
    return true;
  }

  private give(length: number): void {
    if (length === 0) return;
    const bytes = this.held.subarray(0, length);
    this.held = this.held.subarray(length);
    if (this.phase === 'file') this.filed.push(bytes);
    else this.onBytes(bytes);
  }
}

export function parseTrailer(line: string): Trailer {
  const fields = new Map<string, string>();
  const words: string[] = [];
  for (const word of line.split(/\s+/).filter((part) => part !== '')) {
    const at = word.indexOf('=');
    if (at > 0) fields.set(word.slice(0, at), word.slice(at + 1));
    else words.push(word);
  }
  return { fields, words };
}
