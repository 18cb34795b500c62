import type { AnyJournalEntry, AskedPerson } from '../../../workflows/domain/journal';
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
  planHash: 'h1',
  showHash: 's1',
  expiresAt: 99_000,
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

    expect(new Set(taken.map(({ taskId, what, recipient }) => `${taskId} ${what} ${recipient}`))).toEqual(
      new Set(['t1 urgent on-call/ops', 't1 urgent team/web']),
    );
    expect(await store.notices.take({ now: 1_000, ...lease })).toMatchObject([
      { recipient: 'user/anna', channel: 'mail', what: 'urgent' },
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
      { recipient: 'user/anna', onBehalfOf: null, what: 'opened' },
      { recipient: 'user/ben', onBehalfOf: 'user/carl', what: 'opened' },
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
      ['reminded', 'user/anna'],
      ['refused', 'user/eve'],
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
      await store.notices.settle(notice, { kind: 'sent', messageId: 'm', at: 1_500 });

    expect(new Set(addressed.map(({ channel }) => channel))).toEqual(new Set(['chat', 'mail']));
    expect(await store.notices.find(addressed[0]?.id ?? '')).toMatchObject({ planHash: 'h1', expiresAt: 99_000 });
    expect(await store.notices.take({ now: 999_000, ...lease })).toEqual([]);
    const journaled = await store.journal.read('system');
    expect(journaled.map(({ kind }) => kind)).toEqual(['notice.sent', 'notice.sent']);
    expect(JSON.parse(journaled[0]?.payload ?? '')).toMatchObject({
      runId: 'r1',
      taskId: 't1',
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

    await store.notices.postpone(one, 50_000);
    await store.notices.drop(other);

    expect(await store.notices.take({ now: 49_999, ...lease })).toEqual([]);
    expect((await store.notices.take({ now: 50_000, ...lease })).map(({ id }) => id)).toEqual([one.id]);
  });

  test('redacting an entry tells nobody anything twice', async () => {
    const { store } = await bed.newStore();
    await store.journal.append('run/r1', [asked(anna)]);
    const [open] = await store.notices.take({ now: 1_000, ...lease });
    if (open === undefined) throw new Error('no notice');
    await store.notices.settle(open, { kind: 'failed', code: 'ADDRESS_UNKNOWN', reason: 'none', at: 1_000 });

    await store.journal.redact('run/r1', 1, redacted);
    await store.journal.rebuildFolds();

    expect(await store.notices.take({ now: 999_000, ...lease })).toEqual([]);
  });
}
