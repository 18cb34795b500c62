import { parseDocument } from 'yaml';
import { z } from 'zod';
import type { Scope } from '../../../workflows/domain/authorization';
import { canonicalJson } from '../../../workflows/domain/canonical-json';
import { scopeOfLabels, uniteScopes } from '../../../workflows/domain/scope';
import type { Session } from '../database';
import { bytesOf } from '../schema';
import { internScope } from '../scopes';
import { StoreError } from '../store-error';
import type { FoldEntry } from './entry';

/** Published definitions: the journal says which, by whom and with which digest; the text lies under that digest. */
export async function applyToDefinitions(session: Session, entries: readonly FoldEntry[]): Promise<void> {
  for (const entry of entries) {
    if (entry.kind !== 'definition.published') continue;
    const { kind, name, version, digest } = entry.payload;
    const text = await textOf(session, digest);
    const files = canonicalJson(entry.payload.files);
    const scope = await internScope(session, scopeOfText(text));
    await session.query.insertInto('definitions').values({ kind, name, version, digest, text, files, scope }).execute();
  }
}

/** Its labels; a backup plan is also of its service. What is no document has none. */
export function scopeOfText(text: string): Scope {
  const document = Labelled.safeParse(parseText(text));
  if (!document.success) return {};
  const { kind, metadata, spec } = document.data;
  const service = kind === 'BackupPlan' ? (spec?.service ?? null) : null;
  return uniteScopes(scopeOfLabels(metadata.labels), service === null ? {} : { service: [service] });
}

const Labelled = z.object({
  kind: z.string(),
  metadata: z.object({ labels: z.record(z.string(), z.string()).exactOptional() }),
  spec: z.object({ service: z.string().exactOptional() }).exactOptional(),
});

/** Null for what is no YAML: it was checked when it was published, by a version that knew more, or less. */
function parseText(text: string): unknown {
  const document = parseDocument(text);
  return document.errors.length > 0 ? null : document.toJS();
}

async function textOf(session: Session, digest: string): Promise<string> {
  const blob = await session.query.selectFrom('blobs').select('bytes').where('digest', '=', digest).executeTakeFirst();
  if (blob !== undefined) return Buffer.from(bytesOf(blob.bytes)).toString('utf8');
  throw new StoreError('DEFINITION_TEXT_MISSING', `Cannot publish text ${digest}: the store does not hold it`);
}
