/** The last line that the launcher writes: the host's answer about the job. */
export interface Trailer {
  readonly fields: ReadonlyMap<string, string>;
  /** What stands there without a name, in order. */
  readonly words: readonly string[];
}

/**
 * Takes the launcher's marks out of a byte stream. The bytes before the mark `begin` are noise of a login shell; those behind a later
 * mark belong to it. A mark carries a random number of its request, so that a command's own output cannot imitate it.
 */
export class MarkSplitter {
  private held: Buffer = Buffer.alloc(0);
  private began = false;
  private mark: string | null = null;
  private readonly tail: Buffer[] = [];
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
    if (this.mark !== null) {
      this.tail.push(chunk);
      return;
    }
    this.held = this.held.length === 0 ? chunk : Buffer.concat([this.held, chunk]);
    if (!this.began) this.findBegin();
    if (this.began) this.findMark();
  }

  /** The launcher has told the end, so what is held is output after all. */
  flush(): void {
    if (this.began && this.mark === null && this.held.length > 0) this.onBytes(this.held);
    this.held = Buffer.alloc(0);
  }

  /** Everything after the mark, once the stream has ended. Null: no complete mark came. */
  end(): { readonly mark: string; readonly rest: Buffer } | null {
    // Held bytes may be the beginning of a mark that was cut off: they are not output. The next attachment brings them if they are.
    if (this.mark === null) return null;
    return { mark: this.mark, rest: Buffer.concat(this.tail) };
  }

  get hasBegun(): boolean {
    return this.began;
  }

  /** What came instead of a beginning: the complaint of a login shell or of sudo. */
  get complaint(): string {
    return Buffer.concat(this.began ? this.noise : [...this.noise, this.held])
      .toString('utf8')
      .trim();
  }

  private findBegin(): void {
    const at = this.held.indexOf(this.begin);
    if (at === -1) return;
    this.noise.push(this.held.subarray(0, at));
    this.began = true;
    this.held = this.held.subarray(at + this.begin.length);
  }

  private findMark(): void {
    const at = this.held.indexOf(this.prefix);
    if (at === -1) {
      // A mark may be cut by the chunk's end: as many bytes stay as could be its beginning.
      const safe = Math.max(0, this.held.length - (this.prefix.length - 1));
      if (safe > 0) this.onBytes(this.held.subarray(0, safe));
      this.held = this.held.subarray(safe);
      return;
    }
    const lineEnd = this.held.indexOf(0x0a, at + this.prefix.length);
    if (lineEnd === -1) {
      if (at > 0) this.onBytes(this.held.subarray(0, at));
      this.held = this.held.subarray(at);
      return;
    }
    if (at > 0) this.onBytes(this.held.subarray(0, at));
    this.mark = this.held.subarray(at + this.prefix.length, lineEnd).toString('utf8');
    this.tail.push(this.held.subarray(lineEnd + 1));
    this.held = Buffer.alloc(0);
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
