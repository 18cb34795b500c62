import { Readable } from 'node:stream';

import { z } from 'zod';

import { exportEvidence } from '../../evidence/export';
import { redactEntry } from '../../evidence/redact';
import { verifyCheckpoints, verifyJournals } from '../../evidence/verify-all';
import { requireJournaled } from '../../journaled';
import type { Access } from '../../access';
import { forbidden } from '../../access';
import { NamedActor } from '../actor-schema';
import { CheckpointMade, CheckpointPage, CheckpointsVerified, JournalsVerified } from '../evidence-schema';
import { attachment } from '../download';
import type { Download } from '../download';
import { defineDownload, defineRoute, get, post } from '../route';
import { aboutJournaled } from '../subjects';

const ByReference = z.object({ ref: z.string().min(1).max(200) });

const evidence = defineDownload({
  ...get('/runs/:ref/evidence'),
  summary: 'Evidence of a run, a change or a backup operation as one signed file, to be verified offline',
  action: 'evidence.export',
  about: aboutJournaled,
  params: ByReference,
  async handle({ params }, { store, signingKey, version }): Promise<Download> {
    const process = await requireJournaled(store, params.ref);
    const signing = { key: signingKey, now: Date.now(), version };
    const headers = {
      'content-type': 'application/jsonl; charset=utf-8',
      'content-disposition': attachment(`${process.name}.evidence.jsonl`),
      'cache-control': 'no-store',
    };
    return { kind: 'download', status: 200, headers, bytes: Readable.from(exportEvidence(store, process, signing)) };
  },
});

const redaction = defineRoute({
  ...post('/runs/:ref/redactions'),
  summary: 'Take the payload of one entry out of a journal that is over; its hash stays',
  action: 'journal.redact',
  about: aboutJournaled,
  params: ByReference,
  body: z.strictObject({
    actor: NamedActor,
    seq: z.int().min(1),
    reason: z.string().trim().min(1).max(500),
  }),
  answer: z.object({ name: z.string(), seq: z.int(), result: z.enum(['redacted', 'unchanged']) }),
  async handle({ params, body, caller: { access } }, { store }) {
    const process = await requireJournaled(store, params.ref);
    const { seq, reason, actor } = body;
    const by = { actor: access.actorFor(actor), via: access.via, at: Date.now() };
    return { name: process.name, seq, result: await redactEntry(store, process, { seq, reason, ...by }) };
  },
});

const checkpoints = defineRoute({
  ...get('/checkpoints'),
  summary: 'Signed checkpoints over all journals, oldest first, after a number',
  action: 'audit.read',
  about: 'anything',
  query: z.strictObject({
    after: z.coerce.number().int().min(0).default(0),
    limit: z.coerce.number().int().min(1).max(500).default(100),
  }),
  answer: CheckpointPage,
  async handle({ query }, { store }) {
    const found = await store.checkpoints.list(query.after, query.limit);
    const views = found.map(({ checkpoint, stamp }) => ({
      checkpoint: { ...checkpoint, consistency: [...checkpoint.consistency] },
      stamp,
    }));
    return { checkpoints: views };
  },
});

const makeCheckpoint = defineRoute({
  ...post('/checkpoints'),
  summary: 'Make a checkpoint now, if any journal has grown since the newest',
  action: 'evidence.export',
  about: 'anything',
  answer: CheckpointMade,
  async handle(_call, { checkpointer, store }) {
    const made = await checkpointer.make();
    const checkpoint = made ?? (await store.checkpoints.newest());
    return {
      checkpoint: checkpoint === null ? null : { ...checkpoint, consistency: [...checkpoint.consistency] },
      isNew: made !== null,
    };
  },
});

const verifyAll = defineRoute({
  ...get('/journal/verification'),
  summary: 'Verify journals against the newest checkpoint, some at a time, in order of their streams',
  action: 'audit.read',
  about: 'filtered',
  query: z.strictObject({
    after: z
      .string()
      .max(300)
      .refine((text) => !text.includes('\0'), 'Expected the name of a stream')
      .default(''),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  }),
  answer: JournalsVerified,
  async handle({ query, caller: { access } }, { store }) {
    requireEverything(access);
    return verifyJournals(store, query);
  },
});

const verifyTree = defineRoute({
  ...get('/checkpoints/verification'),
  summary: 'Verify every checkpoint: its signature, that it is the one before it, grown, and what it is made of',
  action: 'audit.read',
  about: 'filtered',
  answer: CheckpointsVerified,
  async handle({ caller: { access } }, { store, signingKey }) {
    requireEverything(access);
    return verifyCheckpoints(store, signingKey.publicKey);
  },
});

/** Journals of all scopes are looked at, and what is found is told by their names. */
function requireEverything(access: Access): void {
  if (!access.mayEverywhere('audit.read')) throw forbidden(access, 'audit.read');
}

export const evidenceRoutes = [evidence, redaction, checkpoints, makeCheckpoint, verifyAll, verifyTree] as const;
