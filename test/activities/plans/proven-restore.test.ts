import { planChange } from '../../../activities/plans/plan-change';
import { PublishedShelf } from '../../../activities/plans/published-shelf';
import type { ChangeDraft } from '../../../workflows/change/schema';
import { backupFact } from '../../platform/store/backup-entries';
import { planText, providerText, surroundings } from '../../definitions/backup-documents';
import { useStore } from '../changes/bed';
import { publish } from './backup-bed';

const store = useStore();
const dayMs = 86_400_000;
const now = Date.parse('2026-11-21T12:00:00Z');

const runbook = `apiVersion: mainstay/v1
kind: Runbook
metadata: { name: deploy, version: 1.0.0, owner: team/ops }
spec:
  steps:
    - { id: install, targets: web1, exec: [install], estimate: 10m, undo: { exec: [uninstall], estimate: 5m } }
`;
const model = `apiVersion: mainstay/v1
kind: ChangeModel
metadata: { name: quick, version: 1.0.0 }
spec: { type: standard, changeManagers: [user/mara], dutyManagers: [user/dora] }
`;
const reachable = surroundings.replace('{name: web1}', '{name: web1, user: ops}');
const limited = 'drill: {maxAge: P30D, identity: {hostName: web1}}';

const draft: ChangeDraft = {
  model: 'quick',
  runbook: 'deploy',
  inventory: 'lab',
  title: 'Deploy',
  items: ['service/shop'],
  labels: { tier: 'critical' },
  window: { start: '2026-11-24T22:00:00Z', end: '2026-11-25T02:00:00Z' },
};

async function drill(id: string, verdict: string, endedAt: number): Promise<void> {
  await store().journal.append(`run/${id}`, [
    backupFact('backup.opened', { plan: 'sample', kind: 'drill' }, endedAt - 1_000),
    backupFact('backup.verdict', { plan: 'sample', verdict }, endedAt),
    backupFact('backup.ended', { kind: 'drill', outcome: verdict }, endedAt),
  ]);
}

async function messages(over: Partial<ChangeDraft> = {}): Promise<readonly string[]> {
  const sources = { store: store(), shelf: new PublishedShelf(store()) };
  const asked = { changeId: 'c1', generation: 1, requester: 'user/anna', previous: null, at: now };
  const answer = await planChange(sources, { ...asked, draft: { ...draft, ...over } });
  return 'problems' in answer ? answer.problems.map(({ code, message }) => `${code}: ${message}`) : [];
}

async function publishAll(...texts: readonly string[]): Promise<void> {
  await publish(store(), providerText('fake'), runbook, model, reachable, ...texts);
}

const never =
  'DRILL_TOO_OLD: Cannot change "service/shop": no restore drill of "shop" ever passed (backup plan "sample", tier critical)';

test('a critical change is refused while no drill of its service has passed', async () => {
  await publishAll(planText(limited));

  expect(await messages()).toEqual([never]);
});

test('it is refused when the newest passed drill is older than the limit, and says how old it is', async () => {
  await publishAll(planText(limited));
  await drill('b1', 'PASS', now - 90 * dayMs);
  await drill('b2', 'PASS', now - 31 * dayMs);
  await drill('b3', 'FAIL', now - dayMs);

  expect(await messages()).toEqual([
    'DRILL_TOO_OLD: Cannot change "service/shop": the newest passed restore drill of "shop" is 31 d old, 30 d are allowed (backup plan "sample", tier critical)',
  ]);
});

test('a drill that passed within the limit lets it through', async () => {
  await publishAll(planText(limited));
  await drill('b1', 'PASS', now - 30 * dayMs);

  expect(await messages()).toEqual([]);
});

test('the newest passed drill is found behind many that did not pass', async () => {
  await publishAll(planText(limited));
  await drill('b0', 'PASS', now - 20 * dayMs);
  for (let index = 1; index <= 60; index += 1) await drill(`b${index}`, 'FAIL', now - dayMs + index * 1_000);

  expect(await messages()).toEqual([]);
});

const item = surroundings
  .replace('{name: web1}', '{name: web1, user: ops}')
  .replace('hosts: [', 'items: {service/shop: {runsOn: [host/web1]}}\n  hosts: [');

test.each([
  [
    'the runbook is critical',
    { labels: {} },
    [runbook.replace('owner:', 'labels: { tier: critical }, owner:')],
    [never],
  ],
  ['the backup plan is critical', { labels: {} }, [planText(limited, 'labels: {tier: critical}')], [never]],
  ['nothing is critical', { labels: {} }, [], []],
  ['another tier is named', { labels: { tier: 'gold' } }, [], []],
  ['the change is about another service', { items: ['service/mail'] }, [], []],
  ['the service runs on a host that it works on', { items: [] }, [item], [never]],
  ['the service runs on no host that it works on', { items: [] }, [item.replace('host/web1', 'host/drill1')], []],
  ['its model does not ask for it', {}, [model.replace('spec: {', 'spec: { provenRestore: false,')], []],
  ['the plan names no limit', {}, [planText('drill: {identity: {hostName: web1}}')], []],
])('when %s: %j', async (_what, over, instead, expected) => {
  const provider = providerText('fake');
  const texts = [provider, runbook, model, reachable, planText(limited)];
  const kindOf = (text: string): string => /kind: (\w+)/.exec(text)?.[1] ?? '';
  const kept = texts.filter((text) => !instead.some((other) => kindOf(other) === kindOf(text) && text !== provider));
  await publish(store(), ...kept, ...instead);

  expect(await messages(over)).toEqual(expected);
});
