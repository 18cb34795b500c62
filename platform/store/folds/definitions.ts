import { canonicalJson } from '../../../workflows/domain/canonical-json';
import type { Session } from '../database';
import { bytesOf } from '../schema';
import { StoreError } from '../store-error';
import type { FoldEntry } from './entry';

/** Published definitions: the journal says which, by whom and with which digest; the text lies under that digest. */
export async function applyToDefinitions(session: Session, entries: readonly FoldEntry[]): Promise<void> {
  for (const entry of entries) {
    if (entry.kind !== 'definition.published') continue;
    const { kind, name, version, digest } = entry.payload;
    const text = await textOf(session, digest);
    const files = canonicalJson(entry.payload.files);
    await session.query.insertInto('definitions').values({ kind, name, version, digest, text, files }).execute();
  }
}

async function textOf(session: Session, digest: string): Promise<string> {
  const blob = await session.query.selectFrom('blobs').select('bytes').where('digest', '=', digest).executeTakeFirst();
  if (blob !== undefined) return Buffer.from(bytesOf(blob.bytes)).toString('utf8');
  throw new StoreError('DEFINITION_TEXT_MISSING', `Cannot publish text ${digest}: the store does not hold it`);
}
