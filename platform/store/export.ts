import { z } from 'zod';
import { canonicalJson } from '../../workflows/domain/canonical-json';
import { genesisHash } from './chain';
import { toJson } from './json';
import { isSignedBy, signText } from './signing-key';
import type { SigningKey } from './signing-key';
import type { StoredEntry } from './store';
import { verifyChain } from './verify';
import type { ChainProblem } from './verify';

/**
 * One stream of the journal as a file that can be verified with nothing else at hand: JSON lines, each canonical; first a header,
 * then the entries, last a trailer that says how many there are and how the chain ends, signed by the installation (D4).
 */
export interface JournalExport {
  readonly stream: string;
  readonly installation: string;
  /** Epoch ms. */
  readonly exportedAt: number;
  readonly entries: readonly StoredEntry[];
}

export type ExportVerdict =
  | {
      readonly ok: true;
      readonly stream: string;
      readonly installation: string;
      readonly exportedAt: number;
      readonly count: number;
      readonly head: string;
      /** PEM: whose signature it is. The file alone cannot tell whether this is the installation that one believes in. */
      readonly publicKey: string;
    }
  | { readonly ok: false; readonly problems: readonly ExportProblem[] };

export type ExportProblem =
  ChainProblem | { readonly kind: 'unreadable' | 'unsigned'; readonly line: number; readonly message: string };

/** Epoch ms as far as a calendar goes: what lies beyond has no text. */
const Time = z.int().min(0).max(8_640_000_000_000_000);

const Header = z.strictObject({
  format: z.literal('mainstay/journal/1'),
  stream: z.string(),
  installation: z.string(),
  exportedAt: Time,
});
type Header = z.infer<typeof Header>;

const Entry = z.strictObject({
  stream: z.string(),
  seq: z.int(),
  key: z.string(),
  kind: z.string(),
  at: Time,
  actor: z.string(),
  via: z.string(),
  request: z.string().exactOptional(),
  payloadDigest: z.string(),
  prev: z.string(),
  hash: z.string(),
  salt: z.string().nullable(),
  payload: z.string().nullable(),
});

const Trailer = z.strictObject({
  count: z.int().min(0),
  head: z.string(),
  publicKey: z.string(),
  signature: z.string(),
});

export function exportJournal(journal: JournalExport, key: SigningKey): string {
  const { stream, installation, exportedAt, entries } = journal;
  const header: Header = { format: 'mainstay/journal/1', stream, installation, exportedAt };
  const head = { count: entries.length, head: entries.at(-1)?.hash ?? genesisHash };
  const signature = signText(signedText(header, head), key);
  const trailer = { ...head, publicKey: key.publicKey, signature };
  return [header, ...entries, trailer].map((line) => `${canonicalJson(toJson(line))}\n`).join('');
}

/** With `trusted` (PEM), the signature must be by that key; without, by the key that the file itself names. */
export function verifyExport(text: string, trusted?: string): ExportVerdict {
  const problems: ExportProblem[] = [];
  const lines = text.split('\n');
  if (lines.pop() !== '')
    problems.push({ kind: 'unreadable', line: lines.length + 1, message: 'Cannot read last line: it is cut' });
  function readLine<T>(schema: z.ZodType<T>, index: number): T | null {
    const read = parseLine(schema, lines[index]);
    if (read.ok) return read.value;
    problems.push({ kind: 'unreadable', line: index + 1, message: `Cannot read line ${index + 1}: ${read.found}` });
    return null;
  }
  const header = readLine(Header, 0);
  const entries: StoredEntry[] = [];
  for (let index = 1; index < lines.length - 1; index += 1) {
    const entry = readLine(Entry, index);
    if (entry !== null) entries.push(entry);
  }
  const trailer = lines.length > 1 ? readLine(Trailer, lines.length - 1) : null;
  const expected = trailer === null ? undefined : { count: trailer.count, hash: trailer.head };
  const chain = verifyChain(entries, expected);
  if (!chain.ok) problems.push(...chain.problems);
  problems.push(...signatureProblems(header, trailer, { line: lines.length, trusted }));
  if (header !== null) problems.push(...foreignEntries(header, entries));
  if (header === null || trailer === null || !chain.ok || problems.length > 0) return { ok: false, problems };
  const { stream, installation, exportedAt } = header;
  return {
    ok: true,
    stream,
    installation,
    exportedAt,
    count: chain.count,
    head: chain.head,
    publicKey: trailer.publicKey,
  };
}

function parseLine<T>(
  schema: z.ZodType<T>,
  line: string | undefined,
): { readonly ok: true; readonly value: T } | { readonly ok: false; readonly found: string } {
  if (line === undefined) return { ok: false, found: 'it is missing' };
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { ok: false, found: 'it is not JSON' };
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) return { ok: false, found: 'it is not what this place of an export holds' };
  // One spelling only: else a member given twice, or in another order, would hide behind an equal meaning.
  return canonicalJson(toJson(value)) === line
    ? { ok: true, value: parsed.data }
    : { ok: false, found: 'it is not canonical JSON' };
}

function signatureProblems(
  header: Header | null,
  trailer: z.infer<typeof Trailer> | null,
  { line, trusted }: { readonly line: number; readonly trusted: string | undefined },
): readonly ExportProblem[] {
  if (trailer === null)
    return [{ kind: 'unsigned', line, message: 'Cannot verify signature: the export has no trailer' }];
  if (header === null) return [];
  if (trusted !== undefined && trusted.trim() !== trailer.publicKey.trim()) {
    return [{ kind: 'unsigned', line, message: 'Cannot verify signature: it is by another key than the trusted one' }];
  }
  const { count, head, signature, publicKey } = trailer;
  const isValid = isSignedBy(signedText(header, { count, head }), signature, publicKey);
  return isValid ? [] : [{ kind: 'unsigned', line, message: 'Cannot verify signature: it does not fit this export' }];
}

/** Entries of another stream than the first are named by the chain; here all of them may be of another than the header says. */
function foreignEntries(header: Header, entries: readonly StoredEntry[]): readonly ExportProblem[] {
  const [first] = entries;
  if (first === undefined || first.stream === header.stream) return [];
  const message = `Cannot place entry ${first.seq} "${first.key}": it is of the stream "${first.stream}"`;
  return [{ seq: first.seq, key: first.key, kind: 'added', message }];
}

function signedText(header: Header, head: { readonly count: number; readonly head: string }): string {
  return canonicalJson({ ...header, ...head });
}
