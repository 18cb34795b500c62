import type { Json, JsonObject } from '../../workflows/domain/json';

/** Below this length the encoded forms of a secret would also be found in innocent text. */
const shortestEncoded = 6;
const shortestLine = 8;
const star = 0x2a;

/**
 * Hides secrets in text and bytes. A secret is replaced by as many asterisks, so that offsets in a stream stay what they were.
 */
export class Mask {
  readonly #patterns: readonly Buffer[];
  /** Bytes at the end of a chunk that may be the beginning of a secret. */
  readonly holdBackBytes: number;

  constructor(secrets: Iterable<string>) {
    const forms = new Set<string>();
    for (const secret of secrets) for (const form of formsOf(secret)) forms.add(form);
    this.#patterns = [...forms].map((form) => Buffer.from(form, 'utf8')).sort((a, b) => b.length - a.length);
    this.holdBackBytes = Math.max(0, ...this.#patterns.map((pattern) => pattern.length - 1));
  }

  get isEmpty(): boolean {
    return this.#patterns.length === 0;
  }

  /** A copy where something had to be hidden, else the same bytes. */
  bytes(bytes: Uint8Array): Uint8Array {
    let masked: Buffer | null = null;
    const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (const pattern of this.#patterns) {
      for (let at = view.indexOf(pattern); at >= 0; at = view.indexOf(pattern, at + 1)) {
        masked ??= Buffer.from(bytes);
        masked.fill(star, at, at + pattern.length);
      }
    }
    return masked ?? bytes;
  }

  text(text: string): string {
    if (this.isEmpty) return text;
    const bytes = Buffer.from(text, 'utf8');
    const masked = this.bytes(bytes);
    return masked === bytes ? text : Buffer.from(masked).toString('utf8');
  }

  /** Every text inside a JSON value; keys too, for an answer may be built from what was sent. */
  json(value: JsonObject): JsonObject {
    if (this.isEmpty) return value;
    const members: { [key: string]: Json } = {};
    for (const [key, member] of Object.entries(value)) members[this.text(key)] = this.#deep(member);
    return members;
  }

  #deep(value: Json): Json {
    if (typeof value === 'string') return this.text(value);
    if (isList(value)) return value.map((item) => this.#deep(item));
    return typeof value === 'object' && value !== null ? this.json(value) : value;
  }
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** As programs print it: as it is, in JSON, in a URL, in base64 at any alignment, and each line of a long one. */
function formsOf(secret: string): string[] {
  const lines = secret.split(/\r?\n/).filter((line) => line.length >= shortestLine);
  const plain = [secret, ...lines];
  const forms = plain.filter((text) => text !== '');
  for (const text of plain) {
    if (text.length < shortestEncoded) continue;
    forms.push(JSON.stringify(text).slice(1, -1), encodeURIComponent(text), ...base64Forms(text));
  }
  return forms;
}

/** Inside a longer text, a secret's base64 depends on where it begins: the part that only the secret decides is searched for. */
function base64Forms(text: string): string[] {
  const bytes = Buffer.from(text, 'utf8');
  const forms: string[] = [];
  for (const lead of [0, 1, 2]) {
    const padded = Buffer.concat([Buffer.alloc(lead), bytes]);
    const from = Math.ceil((lead * 8) / 6);
    const to = Math.floor((padded.length * 8) / 6);
    const standard = padded.toString('base64').slice(from, to);
    if (standard.length >= shortestEncoded) forms.push(standard, standard.replaceAll('+', '-').replaceAll('/', '_'));
  }
  return forms;
}
