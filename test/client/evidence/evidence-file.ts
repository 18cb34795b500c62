import { generateKeyPairSync } from 'node:crypto';

import type { CheckpointPart, CoveredPart, EvidencePart } from '../../../client/evidence/format';
import { EvidenceWriter } from '../../../client/evidence/write';
import { hashPlan, planBytes } from '../../../definitions/plan-hash';
import { entryHash, genesisHash, payloadDigest } from '../../../platform/store/chain';
import { checkpointText, leafOf } from '../../../platform/store/checkpoint';
import { emptyRoot, nodeHash } from '../../../platform/store/merkle';
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
  { kind: 'wait.ended', payload: { consulted: [{ calendar: 'freezes', version: '3' }] } },
  { kind: 'run.ended', payload: { outcome: 'succeeded' } },
];

/** A journal as the store would have written it. `redacted`: seqs whose payload was taken out, said so by entries at the end. */
export function entriesOf(
  stream = 'run/r7',
  redacted: readonly number[] = [],
  engine = 'engine',
): readonly StoredEntry[] {
  const redactions = redacted.map((seq) => ({
    kind: 'journal.redacted',
    actor: 'user/dpo',
    payload: { seq, kind: 'vote.cast', reason: 'asked for by the person' },
  }));
  const entries: StoredEntry[] = [];
  for (const { kind, actor = engine, payload } of [...said, ...redactions]) {
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
      ...(seq % 2 === 0 ? { request: `request-${seq}` } : {}),
      payloadDigest: payloadDigest(salt, text),
      prev: entries.at(-1)?.hash ?? genesisHash,
    };
    const kept = redacted.includes(seq) ? { salt: null, payload: null } : { salt, payload: text };
    entries.push({ ...content, hash: entryHash(content), ...kept });
  }
  return entries;
}

export interface Cover {
  readonly checkpoint: CheckpointPart;
  readonly covered: readonly CoveredPart[];
}

const child = { id: 'r8', name: 'run 8', count: 3, head: 'c'.repeat(64) };

/** A checkpoint of the journal as it stood after two entries, of the run it has started, and of the journal after so many. */
export function coverOf(entries: readonly StoredEntry[], key: SigningKey, count = entries.length): Cover {
  const early = stateAfter(entries, 2);
  const started = { stream: 'run/r8', count: child.count, head: child.head };
  const late = stateAfter(entries, count);
  const [one, two, three] = [leafOf(early), leafOf(started), leafOf(late)];
  const unsigned = {
    format: 'mainstay/checkpoint/1',
    installation: 'abcdef012345',
    number: 1,
    at: 1_700_000_100_000,
    size: 3,
    root: nodeHash(nodeHash(one, two), three),
    previous: { size: 0, root: emptyRoot },
    consistency: [],
  } as const;
  const signature = signText(checkpointText(unsigned), key);
  return {
    checkpoint: {
      part: 'checkpoint',
      checkpoint: { ...unsigned, publicKey: key.publicKey, signature },
      stamp: Buffer.from('token').toString('base64'),
    },
    covered: [
      { part: 'covered', leaf: early, index: 0, path: [two, three] },
      { part: 'covered', leaf: late, index: 2, path: [nodeHash(one, two)] },
      { part: 'covered', leaf: started, index: 1, path: [one, three] },
    ],
  };
}

function stateAfter(entries: readonly StoredEntry[], count: number) {
  return { stream: 'run/r7', count, head: entries[count - 1]?.hash ?? genesisHash };
}

export interface FileParts {
  readonly entries?: readonly StoredEntry[];
  /** Null: no checkpoint covers the journal yet. */
  readonly cover?: Cover | null;
  readonly planless?: boolean;
}

/** Evidence of run 7, as an installation with that key writes it. */
export function evidenceFile(
  key: SigningKey,
  { entries = entriesOf(), cover, planless = false }: FileParts = {},
): string {
  const stored: Json = JSON.parse(Buffer.from(planBytes(plan)).toString('utf8'));
  const covered = cover === undefined ? coverOf(entries, key) : cover;
  const writer = new EvidenceWriter(header, key);
  const parts: readonly EvidencePart[] = [
    header,
    ...entries.map((entry) => ({ part: 'entry', ...entry }) as const),
    ...(planless ? [] : [{ part: 'plan', digest: planDigest, planHash, plan: stored } as const]),
    {
      part: 'attested',
      children: [child],
      lostOutputs: [{ path: 'hello/host:web1', phase: 'do', generation: 0, stream: 'stdout', found: 'expired' }],
      calendars: [{ calendar: 'freezes', version: '3', digest: 'd'.repeat(64) }],
    },
    ...(covered === null ? [] : [covered.checkpoint, ...covered.covered]),
  ];
  return parts.map((part) => writer.line(part)).join('') + writer.trailer();
}

const header = {
  part: 'header',
  format: 'mainstay/evidence/2',
  name: 'run-7',
  stream: 'run/r7',
  installation: 'abcdef012345',
  mainstay: '0.1.0',
  exportedAt: 1_700_000_200_000,
} as const;
