import type { OperationContext, OperationResult } from '../../../activities/connector';
import { coreManifest } from '../../../activities/core/index';
import { createCore } from '../../../activities/core/operations';
import type { JsonObject } from '../../../workflows/domain/json';
import { operationContext } from '../operation-context';

const core = createCore();

afterAll(() => core.close());

async function perform(
  operation: 'echo' | 'fail' | 'sleep',
  input: JsonObject,
  more: Partial<OperationContext> = {},
): Promise<OperationResult> {
  const implementation = core.operations[operation];
  if (implementation === undefined) throw new Error(`core has no ${operation}`);
  return implementation.perform(input, operationContext(more));
}

function inGeneration(generation: number): Partial<OperationContext> {
  return { identity: { installation: 'i', run: 'r', path: 'call', generation, phase: 'do' } };
}

test('every operation of the manifest is there, and no other', () => {
  expect(Object.keys(core.operations).sort()).toEqual(Object.keys(coreManifest.operations).sort());
});

describe('core.echo', () => {
  test('answers its input and changes nothing', async () => {
    const input = { text: 'hello', list: [1, null, { deep: true }] };

    expect(await perform('echo', input)).toMatchObject({ status: 'succeeded', changed: false, result: input });
  });
});

describe('core.fail', () => {
  test('fails with a code of its own', async () => {
    expect(await perform('fail', {})).toMatchObject({
      status: 'failed',
      changed: false,
      result: { generation: 1 },
      error: { code: 'CORE_FAILED', message: 'Cannot go on: core.fail was asked to fail' },
    });
  });

  test('fails with the code and the message that it is given', async () => {
    const input = { code: 'DISK_FULL', message: 'Cannot write: the disk is full' };

    expect(await perform('fail', input)).toMatchObject({ status: 'failed', error: input });
  });

  // The counter is the runbook's own retry (D1): what infrastructure repeats does not raise it.
  test.each([
    [1, 'failed'],
    [2, 'failed'],
    [3, 'succeeded'],
    [4, 'succeeded'],
  ])('with `until: 3` generation %i has %s', async (generation, status) => {
    expect(await perform('fail', { until: 3 }, inGeneration(generation))).toMatchObject({
      status,
      result: { generation },
    });
  });

  test('with `unknown` answers that nobody can tell', async () => {
    expect(await perform('fail', { unknown: true })).toMatchObject({
      status: 'unknown',
      error: { code: 'CORE_FAILED' },
    });
  });

  test.each([{ code: 'disk full' }, { until: -1 }, { message: 3 }, { after: 1 }])(
    'refuses the input %j',
    async (input) => {
      await expect(perform('fail', input)).rejects.toMatchObject({ name: 'ZodError' });
    },
  );
});

describe('core.sleep', () => {
  test('says how long it slept, by the times that it reports', async () => {
    const slept = await perform('sleep', { for: '5ms' });

    expect(slept).toMatchObject({ status: 'succeeded', changed: false });
    expect(slept.result).toEqual({ sleptMs: slept.endedAt - slept.startedAt });
    expect(slept.endedAt - slept.startedAt).toBeGreaterThanOrEqual(4);
  });

  test('ends at the time limit of its step', async () => {
    const slept = await perform('sleep', { for: 'PT1H' }, { timeoutMs: 5 });

    expect(slept).toMatchObject({
      status: 'failed',
      error: { code: 'TIMEOUT', message: 'Cannot finish sleeping: 5 ms have passed' },
    });
  });

  // D2: on abort an activity stops watching; what it waited for is nothing that could be left behind.
  test('stops when its worker stops', async () => {
    const stopping = new AbortController();
    const sleeping = perform('sleep', { for: 'PT1H' }, { signal: stopping.signal, timeoutMs: 3_600_000 });

    stopping.abort();

    await expect(sleeping).rejects.toMatchObject({ name: 'AbortError' });
  });

  test.each([['1d'], ['P1D'], ['soon'], ['']])('refuses "%s" as a duration', async (given) => {
    expect(await perform('sleep', { for: given })).toMatchObject({
      status: 'failed',
      error: { code: 'INPUT_INVALID' },
    });
  });
});
