import { aggregate } from '../../../activities/lookups/hosts';
import { hosts, onHosts, openFixture, request, runId, task } from '../runtime/fixture';
import type { Fixture } from '../runtime/fixture';

let fixture: Fixture;

beforeAll(async () => {
  fixture = await openFixture();
});
afterAll(() => fixture.close());

/** As the run keeps it of a rollout over three hosts, of which the second failed. */
const roster = {
  set: 'all',
  targets: null,
  statuses: 'sfs',
  steps: { version: 'roll/version', install: 'roll/install' },
  errors: { '1': { code: 'EXIT_CODE', message: 'Cannot finish' } },
};
const scope = { steps: { roll: { path: 'roll', roster, counts: { ok: 2 } } } };

async function playedRollout(): Promise<string> {
  const plan = await fixture.planned([task('version', { keep: [] })], hosts(3));
  fixture.behave(({ context }) => ({ result: { exitCode: 0, stdout: `of ${context.host?.name ?? ''}`, stderr: '' } }));
  await fixture.run(request(plan, 'version', onHosts(3)));
  return plan;
}

test.each<[string, unknown]>([
  ['steps.roll.hosts.filter(h, !h.ok).map(h, h.name + h.error.code)', ['web2EXIT_CODE']],
  ['steps.roll.hosts.map(h, h.steps.version.result.stdout)', ['of web1', 'of web2', 'of web3']],
  ["steps.roll.hosts.all(h, h.steps.install.status == 'skipped')", true],
  ['steps.roll.counts.ok + steps.roll.hosts.size()', 5],
  ['steps.none.hosts.size()', 0],
])('D5: an aggregate over the rows of a rollout is made where they are: %s', async (expression, value) => {
  const planDigest = await playedRollout();

  const { store, plans } = fixture.deps;
  const answer = await aggregate({ store, plans }, { runId, planDigest, expression, scope });

  expect(answer).toEqual({ value });
});

test('a rollout that `only` narrowed has just its own hosts', async () => {
  const planDigest = await playedRollout();
  const narrowed = { steps: { roll: { path: 'roll', roster: { ...roster, targets: [2], statuses: 's' } } } };

  const { store, plans } = fixture.deps;
  const expression = 'steps.roll.hosts.map(h, h.name)';
  const answer = await aggregate({ store, plans }, { runId, planDigest, expression, scope: narrowed });

  expect(answer).toEqual({ value: ['web3'] });
});

test('a step on the worker gets them in its own values', async () => {
  const expression = "steps.roll.hosts.filter(h, !h.ok).map(h, h.name).join(', ')";
  const note = task('note', { operation: { name: 'fake.worker', input: { map: { text: { expression } } } } });
  const plan = await fixture.planned([note], hosts(3));

  await fixture.run(request(plan, 'note', { path: 'note', scope }));

  expect(fixture.calls.at(-1)?.input).toEqual({ text: 'web2' });
});
