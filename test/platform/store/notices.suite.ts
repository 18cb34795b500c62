import type { AnyJournalEntry, AskedPerson } from '../../../workflows/domain/journal';
import { mostInDigest } from '../../../workflows/domain/notice';
import type { Store } from '../../../platform/store/store';
import type { StoreBed } from './dialects';
import { entry, redacted, taskOpened, taskRefused } from './entries';

const anna: AskedPerson = { person: 'user/anna', actor: 'user/anna' };
const benForCarl: AskedPerson = { person: 'user/carl', actor: 'user/ben' };

function asked(...added: readonly AskedPerson[]): AnyJournalEntry {
  const key = `asked/${added.map(({ actor }) => actor).join()}`;
  return entry('task.asked', { taskId: 't1', people: added, added }, { key, at: 1_000 });
}

const reminded = entry(
  'approval.event',
  {
    path: 'approve',
    approval: 'a1',
    tasks: ['t1'],
    event: { at: 2_000, kind: 'approval.reminded', percent: 50, people: ['user/anna'] },
  },
  { key: 'reminded', at: 2_000 },
);

const lease = { leaseMs: 10_000, limit: 10 };
const delivery = {
  recipient: 'user/anna',
  channel: 'mail',
  at: 1_000,
  isGathered: false,
  vote: { planHash: 'h1', showHash: 's1', expiresAt: 99_000 },
} as const;

export function noticesSuite(bed: StoreBed): void {
  test('an urgent task that is no approval is to be told to its candidates, who become people when it is sent, each once', async () => {
    const { store } = await bed.newStore();
    const urgent = { kind: 'manual', priority: 1, candidates: ['on-call/ops', 'team/web'] } as const;

    await store.journal.append('run/r1', [
      taskOpened({ ...urgent, id: 't1' }, 1_000),
      taskOpened({ ...urgent, id: 't2', priority: 3 }, 1_000),
      taskOpened({ ...urgent, id: 't3', kind: 'approval' }, 1_000),
    ]);
    const taken = await store.notices.take({ now: 1_000, ...lease });
    for (const notice of taken) await store.notices.address(notice, [delivery], 1_000);

    expect(new Set(taken.map(({ about, what, recipient }) => `${about.id} ${what} ${recipient}`))).toEqual(
      new Set(['t1 task.urgent on-call/ops', 't1 task.urgent team/web']),
    );
    expect(await store.notices.take({ now: 1_000, ...lease })).toMatchObject([
      { recipient: 'user/anna', channel: 'mail', what: 'task.urgent' },
    ]);
  });

  test('who is asked is to be told, a delegate on behalf of the other, each once however often the journal is folded', async () => {
    const { store } = await bed.newStore();

    await store.journal.append('run/r1', [taskOpened(), asked(anna, benForCarl)]);
    await store.journal.append('run/r1', [asked(anna, benForCarl)]);
    await store.journal.rebuildFolds();

    const taken = await store.notices.take({ now: 1_000, ...lease });
    const facts = taken.map(({ recipient, onBehalfOf, what }) => ({ recipient, onBehalfOf, what }));
    expect(facts.toSorted((left, right) => (left.recipient < right.recipient ? -1 : 1))).toEqual([
      { recipient: 'user/anna', onBehalfOf: null, what: 'task.opened' },
      { recipient: 'user/ben', onBehalfOf: 'user/carl', what: 'task.opened' },
    ]);
  });

  test('a reminder and a refused answer by mail are to be told, a refused answer by the command line is not (R-APPR-7)', async () => {
    const { store } = await bed.newStore();
    const byMail = taskRefused('a2');
    if (byMail.kind !== 'task.refused') throw new Error('no refusal');
    const mailed = { ...byMail, payload: { ...byMail.payload, answer: { ...byMail.payload.answer, via: 'mail' } } };

    await store.journal.append('run/r1', [reminded, taskRefused('a1'), mailed]);

    const taken = await store.notices.take({ now: 9_000, ...lease });
    expect(taken.map(({ what, recipient }) => [what, recipient])).toEqual([
      ['task.reminded', 'user/anna'],
      ['task.refused', 'user/eve'],
    ]);
  });

  test('of many who look at once one gets a notice, and when it dies another gets it after the lease', async () => {
    const { store } = await bed.newStore();
    await store.journal.append('run/r1', [asked(anna)]);

    const taken = await Promise.all([1, 2, 3, 4].map(() => store.notices.take({ now: 1_000, ...lease })));
    const early = await store.notices.take({ now: 10_999, ...lease });
    const late = await store.notices.take({ now: 11_000, ...lease });

    expect(taken.flat()).toHaveLength(1);
    expect(early).toEqual([]);
    expect(late.map(({ attempts }) => attempts)).toEqual([2]);
  });

  test('a notice becomes one for each channel; what was sent is journaled once and never taken again', async () => {
    const { store } = await bed.newStore();
    await store.journal.append('run/r1', [asked(anna)]);
    const [open] = await store.notices.take({ now: 1_000, ...lease });
    if (open === undefined) throw new Error('no notice');

    await store.notices.address(open, [delivery, { ...delivery, channel: 'chat' }], 1_000);
    await store.notices.address(open, [delivery], 1_000);
    const addressed = await store.notices.take({ now: 1_000, ...lease });
    for (const notice of [...addressed, ...addressed])
      await store.notices.settle([notice], { kind: 'sent', messageId: 'm', at: 1_500 });

    expect(new Set(addressed.map(({ channel }) => channel))).toEqual(new Set(['chat', 'mail']));
    expect(await store.notices.find(addressed[0]?.id ?? '')).toMatchObject({ vote: delivery.vote });
    expect(await store.notices.take({ now: 999_000, ...lease })).toEqual([]);
    const journaled = await store.journal.read('system');
    expect(journaled.map(({ kind }) => kind)).toEqual(['notice.sent', 'notice.sent']);
    expect(JSON.parse(journaled[0]?.payload ?? '')).toMatchObject({
      about: { kind: 'task', id: 't1' },
      what: 'task.opened',
      recipient: 'user/anna',
      messageId: 'm',
      attempts: 1,
    });
  });

  test('a postponed notice comes when its time comes, a dropped one never', async () => {
    const { store } = await bed.newStore();
    await store.journal.append('run/r1', [asked(anna), asked(benForCarl)]);
    const [one, other] = await store.notices.take({ now: 1_000, ...lease });
    if (one === undefined || other === undefined) throw new Error('no notices');

    await store.notices.postpone([one], 50_000, { code: 'MAIL_UNREACHABLE', reason: 'down' });
    await store.notices.drop(other);

    expect(await store.notices.take({ now: 49_999, ...lease })).toEqual([]);
    expect((await store.notices.take({ now: 50_000, ...lease })).map(({ id }) => id)).toEqual([one.id]);
  });

  test('whoever is still at it keeps what they have taken', async () => {
    const { store } = await bed.newStore();
    await store.journal.append('run/r1', [asked(anna)]);

    const taken = await store.notices.take({ now: 1_000, ...lease });
    await store.notices.keep(taken, 30_000);

    expect(await store.notices.take({ now: 29_999, ...lease })).toEqual([]);
    expect(await store.notices.take({ now: 30_000, ...lease })).toHaveLength(1);
  });

  test('what may be gathered is one message for a person and a channel, and stays the same one when it is taken again', async () => {
    const { store } = await bed.newStore();
    await addressGathered(store, 12);

    const [taken, none] = await Promise.all(
      [1, 2].map(() => store.notices.take({ now: 5_000, leaseMs: 1_000, limit: 2 })),
    );
    await addressGathered(store, 1, 'late');
    const again = await store.notices.take({ now: 6_000, leaseMs: 1_000, limit: 100 });

    // Two were asked for, one of each channel: with them all others that go into their messages.
    expect([...(taken ?? []), ...(none ?? [])]).toHaveLength(24);
    const batches = new Map(taken?.map(({ id, batch }) => [id, batch]));
    expect(new Set(batches.values()).size).toBe(2);
    const repeated = again.filter(({ id }) => batches.has(id));
    expect(new Map(repeated.map(({ id, batch }) => [id, batch]))).toEqual(batches);
    const late = again.filter(({ id }) => !batches.has(id));
    expect(late.every(({ batch }) => batch !== null && ![...batches.values()].includes(batch))).toBe(true);
    await store.notices.settle(repeated, { kind: 'sent', messageId: 'm', at: 6_000 });
    expect(await store.journal.read('system', { kinds: ['notice.sent'] })).toHaveLength(24);
  });

  test('so many are gathered for a channel as it shows in one message, and the others are the next one', async () => {
    const { store } = await bed.newStore();
    const gathered = { ...delivery, channel: 'ntfy', at: 5_000, isGathered: true, vote: null } as const;
    const causes = Array.from({ length: 2 * mostInDigest.ntfy + 1 }, (_, index) =>
      entry('task.asked', { taskId: 't1', people: [anna], added: [anna] }, { key: `asked/${index}` }),
    );
    await store.journal.append('run/r1', causes);
    for (const open of await store.notices.take({ now: 1_000, leaseMs: 0, limit: 100 }))
      await store.notices.address(open, [gathered], 1_000);

    const taken = await store.notices.take({ now: 5_000, ...lease, limit: 100 });

    const sizes = new Map<string | null, number>();
    for (const { batch } of taken) sizes.set(batch, (sizes.get(batch) ?? 0) + 1);
    expect([...sizes.values()].toSorted((one, other) => one - other)).toEqual([
      1,
      mostInDigest.ntfy,
      mostInDigest.ntfy,
    ]);
  });

  test('what is held was not tried, and what is separated is a part of no message', async () => {
    const { store } = await bed.newStore();
    await addressGathered(store, 2);
    const taken = await store.notices.take({ now: 5_000, ...lease });
    const [held, separated, ...others] = taken;
    if (held === undefined || separated === undefined) throw new Error('no notices');
    await store.notices.postpone(others, 99_000, { code: 'NTFY_UNREACHABLE', reason: 'down' });

    await store.notices.hold([held], 20_000);
    await store.notices.separate([separated], 20_000, { code: 'NOTICE_BROKEN', reason: 'unreadable' });

    expect(await store.notices.take({ now: 19_999, ...lease })).toEqual([]);
    const again = await store.notices.take({ now: 20_000, ...lease });
    expect(again.find(({ id }) => id === held.id)).toEqual(held);
    expect(again.find(({ id }) => id === separated.id)).toMatchObject({ attempts: separated.attempts + 1 });
    expect(again.find(({ id }) => id === separated.id)?.batch).not.toBe(separated.batch);
  });

  test('list() tells how far each has come, newest first, page by page, and why it has not come further', async () => {
    const { store } = await bed.newStore();
    await store.journal.append('run/r1', [asked(anna, benForCarl)]);
    const [one, other] = await store.notices.take({ now: 1_000, ...lease });
    if (one === undefined || other === undefined) throw new Error('no notices');
    await store.notices.address(one, [{ ...delivery, at: 7_000 }], 2_000);
    await store.notices.postpone([other], 50_000, { code: 'MAIL_UNREACHABLE', reason: 'down' });

    const about = { kind: 'task', id: 't1' } as const;
    const all = await store.notices.list({ about, limit: 10 });
    const [first] = await store.notices.list({ limit: 1 });
    const before = { createdAt: first?.createdAt ?? 0, id: first?.id ?? '' };

    expect(all).toMatchObject([
      { recipient: 'user/anna', channel: 'mail', state: 'pending', createdAt: 2_000, nextAt: 7_000, failure: null },
      { channel: null, state: 'open', nextAt: 50_000, failure: { code: 'MAIL_UNREACHABLE', reason: 'down' } },
    ]);
    expect(await store.notices.list({ limit: 10, before })).toEqual(all.slice(1));
    expect(await store.notices.list({ limit: 10, state: 'pending' })).toEqual(all.slice(0, 1));
    expect(await store.notices.list({ limit: 10, about: { ...about, id: 't2' } })).toEqual([]);
    expect(await store.notices.list({ limit: 10, recipient: 'user/anna', state: 'open' })).toHaveLength(
      other.recipient === 'user/anna' ? 1 : 0,
    );
  });

  test('redacting an entry tells nobody anything twice', async () => {
    const { store } = await bed.newStore();
    await store.journal.append('run/r1', [asked(anna)]);
    const [open] = await store.notices.take({ now: 1_000, ...lease });
    if (open === undefined) throw new Error('no notice');
    await store.notices.settle([open], { kind: 'failed', code: 'ADDRESS_UNKNOWN', reason: 'none', at: 1_000 });

    await store.journal.redact('run/r1', 1, redacted);
    await store.journal.rebuildFolds();

    expect(await store.notices.take({ now: 999_000, ...lease })).toEqual([]);
  });
}

/** As many low ones for anna, each by two channels. */
async function addressGathered(store: Store, count: number, name = 'asked'): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    const cause = entry('task.asked', { taskId: 't1', people: [anna], added: [anna] }, { key: `${name}/${index}` });
    await store.journal.append('run/r1', [cause]);
    const open = (await store.notices.take({ now: 1_000, leaseMs: 0, limit: 100 })).find(
      ({ channel }) => channel === null,
    );
    if (open === undefined) throw new Error('no notice');
    const gathered = { ...delivery, at: 5_000, isGathered: true, vote: null } as const;
    await store.notices.address(open, [gathered, { ...gathered, channel: 'teams' }], 1_000);
  }
}
