import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { CarrierResult, NoticeMessage } from '../../activities/notice-message';
import { createLogger } from '../../platform/logger';
import { People } from '../../platform/people';
import { openStore } from '../../platform/store/open';
import type { Store } from '../../platform/store/store';
import { voteKeyOf } from '../../platform/vote-token';
import type { Channel } from '../../workflows/domain/notice';
import { deliverDue } from '../../workers/courier';
import type { CourierParts } from '../../workers/courier-parts';
import { publish } from './client/signed-in';

export interface SentMessage {
  readonly channel: Channel;
  readonly message: NoticeMessage;
}

/** A store with people, and a courier whose channels take everything. */
export interface CourierScene {
  readonly store: Store;
  readonly parts: CourierParts;
  readonly sent: SentMessage[];
  setNow(at: number): void;
  /** Until nothing is due. */
  deliver(): Promise<void>;
  /** Of the last delivery: `kind` to whom. */
  told(): readonly string[];
  /** `notice.failed CODE`, or `notice.sent`, with whom it is about. */
  journaled(): Promise<readonly string[]>;
  close(): Promise<void>;
}

const people = `
apiVersion: mainstay/v1
kind: Person
metadata: {name: anna}
spec: {name: Anna, email: anna@example.org, zone: Europe/Berlin}
---
apiVersion: mainstay/v1
kind: Person
metadata: {name: ben}
spec: {name: Ben, email: ben@example.org}
---
apiVersion: mainstay/v1
kind: Person
metadata: {name: gone}
spec: {email: gone@example.org, active: false}
`;

export async function openCourierScene(
  channels: readonly Channel[] = ['mail'],
  teams: { readonly [name: string]: readonly string[] } = { 'team/web': ['user/anna', 'user/ben', 'user/gone'] },
): Promise<CourierScene> {
  const folder = await mkdtemp(join(tmpdir(), 'mainstay-courier-'));
  const store = await openStore({ kind: 'libsql', file: join(folder, 'store.db') });
  await publish(store, people);
  const sent: SentMessage[] = [];
  let [now, before] = [Date.parse('2026-11-21T10:00:00Z'), 0];
  const carriers = Object.fromEntries(
    channels.map((channel) => [channel, { send: (message: NoticeMessage) => take(channel, message) }]),
  );
  async function take(channel: Channel, message: NoticeMessage): Promise<CarrierResult> {
    sent.push({ channel, message });
    return { kind: 'sent' };
  }
  const parts: CourierParts = {
    store,
    people: new People(store.definitions),
    audience: (candidate) => Promise.resolve(teams[candidate] ?? []),
    carriers,
    mail: { from: 'Mainstay <mainstay@example.org>', replyTo: null },
    hasButtons: false,
    publicUrl: 'https://m.example',
    voteKey: voteKeyOf(Buffer.alloc(32, 1)),
    logger: createLogger('test', 'silent'),
    now: () => now,
  };
  return {
    store,
    parts,
    sent,
    setNow: (at) => void (now = at),
    async deliver() {
      before = sent.length;
      while ((await deliverDue(parts)) > 0);
    },
    told: () =>
      sent
        .slice(before)
        .map(({ message }) => `${message.kind} ${message.name}`)
        .toSorted(),
    async journaled() {
      const entries = await store.journal.read('system', { kinds: ['notice.sent', 'notice.failed'] });
      return entries.map(({ kind, payload }) => {
        const { recipient, code = '' } = JSON.parse(payload ?? '{}');
        return [kind, code, recipient].filter((part) => part !== '').join(' ');
      });
    },
    async close() {
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
