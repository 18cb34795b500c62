import { readdirSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';

import { historyFromJSON } from '@temporalio/common/lib/proto-utils';
import type { History } from '@temporalio/common/lib/proto-utils';
import { DeterminismViolationError } from '@temporalio/workflow';
import { Worker } from '@temporalio/worker';

import { bundleWorkflows } from '../../workers/bundle';
import type { Json } from '../../workflows/domain/json';
import { features } from './features';

const folder = join(__dirname, 'histories');
const names = features.flatMap(({ histories }) => histories);
const largestBytes = 300 * 1024;
let code = '';

beforeAll(async () => {
  code = await bundleWorkflows(join(__dirname, '..', '..', 'workflows', 'index.ts'));
}, 60_000);

function textOf(name: string): string {
  return readFileSync(join(folder, `${name}.json`), 'utf8');
}

function historyOf(name: string): History {
  return historyFromJSON(JSON.parse(textOf(name)));
}

function replay(history: History): Promise<void> {
  return Worker.runReplayHistory({ workflowBundle: { code } }, history, 'run/replayed');
}

describe('recorded histories', () => {
  test('there is one of every feature, and none besides', () => {
    const found = readdirSync(folder).map((file) => file.replace('.json', ''));

    expect(found.sort()).toEqual([...names].sort());
  });

  // Whoever changes the order of commands of a running type sees it here: npm run record-histories is for types that nobody runs yet.
  test.each(names)('%s replays', async (name) => {
    await expect(replay(historyOf(name))).resolves.toBeUndefined();
  });

  test('a history whose commands come in another order does not replay', async () => {
    const history = historyOf('sequence-of-activities');
    const [first, second] = (history.events ?? []).flatMap(
      ({ activityTaskScheduledEventAttributes: scheduled }) => scheduled ?? [],
    );
    if (first === undefined || second === undefined) throw new Error('Cannot exchange activities: there are too few');
    [first.activityId, second.activityId] = [second.activityId ?? null, first.activityId ?? null];

    await expect(replay(history)).rejects.toBeInstanceOf(DeterminismViolationError);
  });

  test.each(names)('%s is small and says nothing of the machine that recorded it', (name) => {
    const text = textOf(name);

    expect(text.length).toBeLessThan(largestBytes);
    expect(wordsOf(JSON.parse(text)).filter((word) => machineTrace.test(word))).toEqual([]);
  });
});

/** A place in a file system, or the name that a worker gives itself: `<process>@<host>`. */
const machineTrace = new RegExp(`/(home|root|tmp|work|Users)/|\\d@${hostname()}`);

/** Every text in it; payloads are base64. */
function wordsOf(value: Json, field = ''): readonly string[] {
  if (typeof value === 'string') return [field === 'data' ? Buffer.from(value, 'base64').toString('utf8') : value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => wordsOf(inner, name));
}
