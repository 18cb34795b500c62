import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { prepareRehearsals } from '../../../client/authoring/rehearsals';
import type { PreparedChange } from '../../../client/authoring/change-rehearsals';
import { playChange } from '../../../client/cli/verbs/rehearse-change';

const examples = join(__dirname, '..', '..', '..', 'examples');
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mainstay-change-rehearsal-'));
  writeFileSync(join(folder, 'inventory.yaml'), readFileSync(join(examples, 'inventory.yaml')));
});

afterEach(() => rmSync(folder, { recursive: true }));

/** The example with its text changed. */
async function prepared(change: (text: string) => string): Promise<PreparedChange> {
  writeFileSync(join(folder, 'change.yaml'), change(readFileSync(join(examples, 'change.yaml'), 'utf8')));
  const found = await prepareRehearsals([folder]);
  const [rehearsal] = found.ok ? found.rehearsals : [];
  if (rehearsal === undefined || !('change' in rehearsal.request)) throw new Error(JSON.stringify(found));
  return rehearsal.request.change;
}

test('R-APPR-4, R-APPR-7, R-FREEZE-2, R-TIME-4: two weeks with a leaver, reminders, a freeze and a change of clocks come out as expected', async () => {
  const { problems, timeline } = await playChange(await prepared((text) => text));

  expect(problems).toEqual([]);
  const texts = timeline.map(({ text }) => text);
  expect(texts).toContain('the vote of user/anna is void (left)');
  expect(texts.filter((text) => text.startsWith('reminded'))).not.toEqual([]);
  expect(texts.filter((text) => text.startsWith('change scheduled → held: freeze'))).toHaveLength(1);
  // 22:00 in Berlin, two days after clocks went back.
  const started = timeline.find(({ text }) => text === 'run started');
  expect(new Date(started?.at ?? 0).toISOString()).toBe('2026-10-27T21:00:00.000Z');
});

test('what was expected and did not come so is told', async () => {
  const change = await prepared((text) =>
    text.replace('outcome: successful, flags: []', 'outcome: failed, flags: [late]'),
  );

  const { problems } = await playChange(change);

  expect(problems).toEqual(['outcome: expected failed, found successful', 'flags: expected late, found none']);
});

test('a change that cannot be submitted is told with its reasons', async () => {
  const change = await prepared((text) =>
    text.replace("end: '2026-10-25T05:00:00+01:00', cutoff", "end: '2026-10-24T22:05:00+02:00', cutoff"),
  );

  const { problems } = await playChange(change);

  expect(problems.join('\n')).toMatch(/need .* more than the window has/);
});

test('a rehearsal of neither a runbook nor a change is refused with its place', async () => {
  writeFileSync(
    join(folder, 'nothing.yaml'),
    'apiVersion: mainstay/v1\nkind: Rehearsal\nmetadata: {name: nothing}\nspec: {inventory: inventory.yaml}\n',
  );

  const found = await prepareRehearsals([folder]);

  const [rehearsal] = found.ok ? found.rehearsals : [];
  expect(rehearsal?.request.ok ?? found.ok).toBe(false);
});
