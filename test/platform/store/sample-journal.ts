import { entryHash, genesisHash, payloadDigest } from '../../../platform/store/chain';
import type { StoredEntry } from '../../../platform/store/store';

/** A journal as the store would have written it; entries named in `redacted` have lost salt and payload. */
export function sampleJournal(count: number, redacted: readonly number[] = []): readonly StoredEntry[] {
  const entries: StoredEntry[] = [];
  for (let seq = 1; seq <= count; seq += 1) {
    const salt = seq.toString(16).padStart(32, '0');
    const payload = `{"seq":${seq}}`;
    const fields = {
      stream: 'run/r1',
      seq,
      key: `key ${seq}`,
      kind: 'run.state',
      at: 1_000 + seq,
      actor: 'engine',
      via: 'engine',
      // Every other one was asked for by the API.
      ...(seq % 2 === 0 ? { request: `request-${seq}` } : {}),
    };
    const content = {
      ...fields,
      payloadDigest: payloadDigest(salt, payload),
      prev: entries.at(-1)?.hash ?? genesisHash,
    };
    const kept = redacted.includes(seq) ? { salt: null, payload: null } : { salt, payload };
    entries.push({ ...content, hash: entryHash(content), ...kept });
  }
  return entries;
}

/** The same entry after somebody has changed it and made its hashes fit again. */
export function forge(entry: StoredEntry, change: Partial<StoredEntry>): StoredEntry {
  const changed = { ...entry, ...change };
  const digest = payloadDigest(changed.salt ?? '', changed.payload ?? '');
  const content = { ...changed, payloadDigest: digest };
  return { ...content, hash: entryHash(content) };
}
