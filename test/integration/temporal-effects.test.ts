import { randomBytes } from 'node:crypto';
import { join } from 'node:path';

import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { Worker } from '@temporalio/worker';

import type { JournalEntry } from '../../workflows/domain/journal';
import type { OperationReply } from '../../workflows/domain/operation';
import { bundleWorkflows } from '../../workers/bundle';
import type { RunInput } from '../../workflows/runbook/messages';
import { openEngine } from './engine-under-test';
import type { EngineUnderTest } from './engine-under-test';
import { program } from '../support/program';

const reply: OperationReply = { statuses: 's', changed: '0', failures: [], record: {}, digest: 'x' };
let lightCalls: boolean[] = [];
let carried: readonly JournalEntry[] = [];
let watching: (() => void) | null = null;

let engine: EngineUnderTest;
let stopWorker: () => Promise<void>;

beforeAll(async () => {
  engine = await openEngine({
    workflowsPath: join(__dirname, 'effects', 'workflows.ts'),
    activities: {
      'test.light': (_request: object, entries: readonly JournalEntry[] = []) => {
        lightCalls.push(Context.current().info.isLocal);
        carried = entries;
        return Promise.resolve(reply);
      },
      'test.slowLight': () => new Promise((resolve) => setTimeout(() => resolve(reply), 200)),
      'test.afterQuick': () => Promise.resolve(reply),
      'test.afterSlow': () => Promise.resolve(reply),
      'test.lightOnlyAsActivity': () => {
        lightCalls.push(Context.current().info.isLocal);
        return Context.current().info.isLocal ? Promise.reject(new Error('too busy')) : Promise.resolve(reply);
      },
      'test.refused': () => Promise.reject(ApplicationFailure.nonRetryable('Cannot load the plan', 'PLAN_MISSING')),
      'test.broken': () => Promise.reject(ApplicationFailure.nonRetryable('Cannot go on', 'BROKEN')),
      'test.watch': async () => {
        watching?.();
        await Context.current().cancelled;
      },
    },
  });
  stopWorker = await engine.startWorker();
}, 60_000);

afterAll(async () => {
  await stopWorker();
  await engine.close();
});

beforeEach(() => {
  lightCalls = [];
});

function inputOf(): RunInput {
  const id = `r${randomBytes(6).toString('hex')}`;
  return {
    run: { installation: 'test', id, number: 1, requester: 'user/anna', createdAt: 0, parent: null },
    planHash: 'hash',
    planDigest: 'digest',
    targetCounts: {},
    program: program([]),
    lateInputs: {},
    check: false,
  };
}

function start(workflow: string, args: readonly unknown[]) {
  const { client, taskQueue } = engine.environment;
  const workflowId = `effects/${randomBytes(6).toString('hex')}`;
  return client.workflow.start(workflow, { taskQueue, workflowId, args: [...args] });
}

describe('a replay', () => {
  // Answers that came one after the other come together on replay: two at once in flight, and a run is stuck for ever.
  test('goes the same way when two parts ask local activities at once (D19)', async () => {
    const handle = await start('lightInTwoParts', [inputOf()]);
    await handle.result();
    const workflowBundle = { code: await bundleWorkflows(join(__dirname, 'effects', 'workflows.ts')) };

    const replayed = Worker.runReplayHistory({ workflowBundle }, await handle.fetchHistory(), handle.workflowId);

    await expect(replayed).resolves.toBeUndefined();
  }, 60_000);
});

describe('perform()', () => {
  test('a light operation is a local activity: it costs no queue (D19)', async () => {
    const handle = await start('performOnce', [
      { input: inputOf(), operation: 'test.light', effect: 'read', light: true },
    ]);

    expect(await handle.result()).toEqual(reply);
    expect(lightCalls).toEqual([true]);
  });

  test('a light operation that fails is tried again as a normal activity (D19)', async () => {
    const handle = await start('performOnce', [
      { input: inputOf(), operation: 'test.lightOnlyAsActivity', effect: 'read', light: true },
    ]);

    expect(await handle.result()).toEqual(reply);
    expect(lightCalls).toEqual([true, false]);
  });

  test.each([
    { operation: 'test.refused', effect: 'unsafe', statuses: 'f', code: 'PLAN_MISSING' },
    { operation: 'test.broken', effect: 'unsafe', statuses: 'u', code: 'ENGINE_UNAVAILABLE' },
    { operation: 'test.broken', effect: 'read', statuses: 'f', code: 'ENGINE_UNAVAILABLE' },
  ] as const)(
    'an activity that cannot answer is a value: $operation, $effect',
    async ({ operation, effect, statuses, code }) => {
      const handle = await start('performOnce', [{ input: inputOf(), operation, effect, light: false }]);

      expect(await handle.result()).toMatchObject({ statuses, failures: [{ code, positions: [0] }] });
    },
  );

  test('what was recorded goes along with an effect that cannot be repeated, to be written first (D4)', async () => {
    const input = inputOf();
    const handle = await start('performOnce', [{ input, operation: 'test.light', effect: 'unsafe', light: true }]);
    await handle.result();

    expect(carried).toMatchObject([{ key: 'note/before', kind: 'run.state' }]);
  });
});

describe('parts of a run', () => {
  // D2: the activity stops watching, and only then the part goes on; the shielded part runs to its end.
  test('a cancelled part waits for its activity to let go, then cleans up in a shielded part (D2)', async () => {
    const seen = new Promise<void>((resolve) => {
      watching = resolve;
    });
    const handle = await start('cancelPart', [
      { input: inputOf(), operation: 'test.watch', effect: 'journaled', light: false },
    ]);
    await seen;

    await handle.signal('cancelPart');

    expect(await handle.result()).toEqual(['performing', 'cancel', 'shielded']);
  }, 30_000);

  test('a race cancels and awaits its losers; all answers in the order of the tasks', async () => {
    const handle = await start('raceAndAll', [inputOf()]);

    expect(await handle.result()).toEqual(['fast', 'slow cancel', 'one', 'two', 'fast', 'two', 'one']);
  });
});

describe('waitFor()', () => {
  test('is false once the time is over', async () => {
    const handle = await start('waitAWhile', [inputOf(), 10]);

    expect(await handle.result()).toBe(false);
  });

  test('is true when the state changes in time', async () => {
    const handle = await start('waitAWhile', [inputOf(), 60_000]);
    await handle.signal('open');

    expect(await handle.result()).toBe(true);
  });
});
