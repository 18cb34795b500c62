import { createHash } from 'node:crypto';

import { genesisHash } from '../../platform/store/chain';
import type { CheckpointProof } from '../../platform/store/checkpoint';
import { toJson } from '../../platform/store/json';
import { signText } from '../../platform/store/signing-key';
import type { SigningKey } from '../../platform/store/signing-key';
import type { StoredEntry } from '../../platform/store/store';
import { canonicalJson } from '../../workflows/domain/canonical-json';
import { signedOf } from './format';
import type { AttestedPart, EvidenceHeader, EvidencePart, PlanPart } from './format';
import { summaryOf } from './summary';

export interface Evidence {
  readonly header: EvidenceHeader;
  readonly entries: readonly StoredEntry[];
  readonly plans: readonly PlanPart[];
  readonly attested: AttestedPart;
  /** Null: no checkpoint covers the journal yet. */
  readonly checkpoint: CheckpointProof | null;
}

/** The text of a file of evidence, signed. */
export function writeEvidence(evidence: Evidence, key: SigningKey): string {
  const { header, entries, plans, attested, checkpoint } = evidence;
  const parts: readonly EvidencePart[] = [
    header,
    ...entries.map((entry) => ({ part: 'entry', ...entry }) as const),
    ...plans,
    { part: 'summary', ...summaryOf(entries) },
    attested,
    ...(checkpoint === null ? [] : [{ part: 'checkpoint', ...checkpoint } as const]),
  ];
  const before = parts.map(lineOf).join('');
  const sealed = {
    lines: parts.length,
    digest: createHash('sha256').update(before, 'utf8').digest('hex'),
    count: entries.length,
    head: entries.at(-1)?.hash ?? genesisHash,
  };
  const signature = signText(canonicalJson(signedOf(header, sealed)), key);
  return before + lineOf({ part: 'trailer', ...sealed, publicKey: key.publicKey, signature });
}

function lineOf(part: EvidencePart): string {
  return `${canonicalJson(toJson(part))}\n`;
}
