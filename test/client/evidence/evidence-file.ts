import { generateKeyPairSync } from 'node:crypto';

import { writeEvidence } from '../../../client/evidence/write';
import { hashPlan, planBytes } from '../../../definitions/plan-hash';
import { entryHash, genesisHash, payloadDigest } from '../../../platform/store/chain';
import { checkpointText, leafOf } from '../../../platform/store/checkpoint';
import type { CheckpointProof } from '../../../platform/store/checkpoint';
import { emptyRoot } from '../../../platform/store/merkle';
import { signText } from '../../../platform/store/signing-key';
import type { SigningKey } from '../../../platform/store/signing-key';
import type { StoredEntry } from '../../../platform/store/store';
import type { Json } from '../../../workflows/domain/json';
import { planBundle } from '../../support/client/plan';

export function newSigningKey(): SigningKey {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
}

const { plan } = planBundle();
const { planHash, planDigest } = hashPlan(plan);
export { planHash };

const said: readonly { readonly kind: string; readonly actor?: string; readonly payload: Json }[] = [
  { kind: 'run.created', actor: 'user/carl', payload: { number: 7, planHash, planDigest, requester: 'user/carl' } },
  { kind: 'task.opened', payload: { id: 't1', title: 'Go on?', planHash, showHash: 'sha256:shown' } },
  {
    kind: 'vote.cast',
    actor: 'user/bob',
    payload: {
      taskId: 't1',
      id: 'v1',
      actor: 'user/bob',
      via: 'mail',
      choice: 'approve',
      comment: 'Ring me: 555-0100',
    },
  },
  {
    kind: 'host.ended',
    payload: {
      path: 'hello/host:web1',
      host: 'web1',
      phase: 'do',
      generation: 0,
      output: { stdoutBytes: 5, stderrBytes: 0, stdoutDigest: 'a'.repeat(64), stderrDigest: 'b'.repeat(64) },
    },
  },
  { kind: 'run.ended', payload: { outcome: 'succeeded' } },
];

/** A journal as the store would have written it. `redacted`: seqs whose payload was taken out, said so by entries at the end. */
export function entriesOf(stream = 'run/r7', redacted: readonly number[] = []): readonly StoredEntry[] {
  const redactions = redacted.map((seq) => ({
    kind: 'journal.redacted',
    actor: 'user/dpo',
    payload: { seq, kind: 'vote.cast', reason: 'asked for by the person' },
  }));
  const entries: StoredEntry[] = [];
  for (const { kind, actor = 'engine', payload } of [...said, ...redactions]) {
    const seq = entries.length + 1;
    const salt = seq.toString(16).padStart(32, '0');
    const text = JSON.stringify(payload);
    const content = {
      stream,
      seq,
      key: `${kind}/${seq}`,
      kind,
      at: 1_700_000_000_000 + seq,
      actor,
      via: 'test',
      payloadDigest: payloadDigest(salt, text),
      prev: entries.at(-1)?.hash ?? genesisHash,
    };
    const kept = redacted.includes(seq) ? { salt: null, payload: null } : { salt, payload: text };
    entries.push({ ...content, hash: entryHash(content), ...kept });
  }
  return entries;
}

/** A checkpoint of the one journal, as it stood after so many entries. */
export function proofOf(entries: readonly StoredEntry[], key: SigningKey, count = entries.length): CheckpointProof {
  const leaf = { stream: 'run/r7', count, head: entries[count - 1]?.hash ?? genesisHash };
  const unsigned = {
    format: 'mainstay/checkpoint/1',
    installation: 'abcdef012345',
    number: 1,
    at: 1_700_000_100_000,
    size: 1,
    root: leafOf(leaf),
    previous: { size: 0, root: emptyRoot },
    consistency: [],
  } as const;
  const signature = signText(checkpointText(unsigned), key);
  return { checkpoint: { ...unsigned, publicKey: key.publicKey, signature }, leaf, index: 0, path: [], stamp: null };
}

export interface FileParts {
  readonly entries?: readonly StoredEntry[];
  readonly checkpoint?: CheckpointProof | null;
  readonly planless?: boolean;
}

/** Evidence of run 7, as an installation with that key writes it. */
export function evidenceFile(key: SigningKey, parts: FileParts = {}): string {
  const { entries = entriesOf(), planless = false } = parts;
  const stored: Json = JSON.parse(Buffer.from(planBytes(plan)).toString('utf8'));
  return writeEvidence(
    {
      header: {
        part: 'header',
        format: 'mainstay/evidence/1',
        name: 'run-7',
        stream: 'run/r7',
        installation: 'abcdef012345',
        mainstay: '0.1.0',
        exportedAt: 1_700_000_200_000,
      },
      entries,
      plans: planless ? [] : [{ part: 'plan', digest: planDigest, planHash, plan: stored }],
      attested: {
        part: 'attested',
        children: [{ id: 'r8', name: 'run 8', count: 3, head: 'c'.repeat(64) }],
        outputs: [{ path: 'hello/host:web1', phase: 'do', generation: 0, stream: 'stdout', kept: 'whole' }],
        definitions: [{ kind: 'Runbook', name: 'hello', version: '1.0.0', digest: 'd'.repeat(64) }],
      },
      checkpoint: parts.checkpoint === undefined ? proofOf(entries, key) : parts.checkpoint,
    },
    key,
  );
}
