import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { GrantBook } from '../../client/access-grants';
import type { ChannelContext } from '../../client/api/context';
import { voteGrants } from '../../client/channels/vote-grants';
import type { AnswerRequest } from '../../client/engine';
import { People } from '../../platform/people';
import { openStore } from '../../platform/store/open';
import type { NoticeRow } from '../../platform/store/outbox';
import type { Store } from '../../platform/store/store';
import { voteClaimsOf, voteKeyOf, writeVoteToken } from '../../platform/vote-token';
import { refusalOf } from '../../workflows/domain/quorum';
import type { AnswerResult, Task } from '../../workflows/domain/task';
import { entry, runCreated, taskOpened } from '../platform/store/entries';

/** A store with one approval that anna and ben are asked for, and an engine that keeps its votes as a run would. */
export interface VotingScene extends ChannelContext {
  readonly answers: AnswerRequest[];
  /** The engine answers with this failure until it is null again. */
  fail(error: Error | null): void;
  setNow(at: number): void;
  /** As the courier does: the message to a person, on its way through a channel. */
  message(person: string, channel?: 'mail' | 'chat'): Promise<NoticeRow>;
  token(notice: NoticeRow, choice: string | null): string;
  closeTask(choice: string): Promise<void>;
  kinds(): Promise<readonly string[]>;
  close(): Promise<void>;
}

export const openedAt = Date.parse('2026-11-21T10:00:00Z');
export const dueAt = openedAt + 3_600_000;

export async function openVoting(change: Partial<Task> = {}): Promise<VotingScene> {
  const folder = await mkdtemp(join(tmpdir(), 'mainstay-voting-'));
  const store = await openStore({ kind: 'libsql', file: join(folder, 'store.db') });
  await publishPeople(store);
  await store.journal.append('run/r1', [
    runCreated({
      definition: { name: 'release', version: '1.0.0', digest: 'd1', title: 'Release', owner: 'team/web' },
    }),
    taskOpened({ id: 'r1-1', title: 'Release 1.2', openedAt, dueAt, ...change }),
    asked('user/anna', 'user/ben'),
  ]);
  const answers: AnswerRequest[] = [];
  let failure: Error | null = null;
  let now = openedAt;
  const voteKey = voteKeyOf(Buffer.alloc(32, 1));
  return {
    store,
    people: new People(store.definitions),
    mayAnswer: voteGrants(store, new GrantBook(store, () => now), () => now),
    voteKey,
    now: () => now,
    chat: null,
    answers,
    engine: {
      async answer(request) {
        answers.push(request);
        if (failure !== null) throw failure;
        return answerAsARun(store, request);
      },
    },
    fail: (error) => void (failure = error),
    setNow: (at) => void (now = at),
    message: (person, channel = 'mail') => messageTo(store, person, channel),
    token(notice, choice) {
      const claims = voteClaimsOf(notice);
      if (claims === null) throw new Error('Cannot make a token: nobody votes by this notice');
      return writeVoteToken(voteKey, claims, choice);
    },
    async closeTask(choice) {
      const payload = { taskId: 'r1-1', choice, by: ['user/carl'], reason: 'answered', comment: '' } as const;
      await store.journal.append('run/r1', [entry('task.closed', payload, { key: 'closed' })]);
    },
    kinds: async () => (await store.journal.read('run/r1')).map(({ kind }) => kind),
    async close() {
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function asked(...people: readonly string[]) {
  const added = people.map((person) => ({ person, actor: person }));
  return entry('task.asked', { taskId: 'r1-1', people: added, added }, { key: 'asked', at: openedAt });
}

async function publishPeople(store: Store): Promise<void> {
  const people = [
    ['anna', '{name: Anna, email: Anna@example.org, chat: U1, zone: Europe/Berlin}'],
    ['ben', '{name: Ben, email: ben@example.org, chat: U2}'],
  ] as const;
  for (const [name, spec] of people) {
    const text = `apiVersion: mainstay/v1\nkind: Person\nmetadata: {name: ${name}}\nspec: ${spec}\n`;
    const digest = createHash('sha256').update(text).digest('hex');
    const by = { actor: 'user/anna', via: 'test', at: openedAt };
    await store.definitions.publish({ kind: 'Person', name, version: '0.0.1', digest, text, files: {} }, by);
  }
}

async function messageTo(store: Store, person: string, channel: 'mail' | 'chat'): Promise<NoticeRow> {
  const due = { now: openedAt, leaseMs: 0, limit: 100 };
  const [task] = await store.views.tasks({ id: 'r1-1' });
  if (task === undefined) throw new Error('Cannot find the task of the scene');
  const { planHash, showHash } = task;
  for (const notice of await store.notices.take(due))
    if (notice.channel === null) {
      const vote = { planHash, showHash, expiresAt: task.dueAt ?? Number.MAX_SAFE_INTEGER };
      const { recipient } = notice;
      const deliveries = (['mail', 'chat'] as const).map((each) => ({
        recipient,
        channel: each,
        at: openedAt,
        isGathered: false,
        vote,
      }));
      await store.notices.address(notice, deliveries, openedAt);
    }
  const all = await store.notices.take(due);
  const found = all.find((notice) => notice.recipient === person && notice.channel === channel);
  if (found === undefined) throw new Error(`Cannot find the message to "${person}"`);
  return found;
}

/** Validation, journal, count: without who may vote, which is not what channels decide. */
async function answerAsARun(store: Store, request: AnswerRequest): Promise<AnswerResult> {
  const [task] = await store.views.tasks({ id: request.taskId });
  if (task === undefined) throw new Error('Cannot answer: no such task');
  const { id = '', comment = '', form = null, ...given } = request;
  const answer = { ...given, id, comment, form };
  const { actor, via } = answer;
  const refusal = refusalOf({ task, votes: task.votes, closed: task.closed }, answer);
  if (refusal === null) {
    const vote = entry('vote.cast', answer, { key: `r1-1/${id}/vote.cast` });
    await store.journal.append('run/r1', [{ ...vote, actor, via }]);
    return { accepted: true, decided: false, choice: null };
  }
  const payload = { taskId: 'r1-1', answer, ...refusal };
  await store.journal.append('run/r1', [entry('task.refused', payload, { key: `r1-1/${id}/task.refused` })]);
  return { accepted: false, ...refusal };
}
