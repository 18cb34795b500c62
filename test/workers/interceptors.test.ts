import { CancelledFailure, Context } from '@temporalio/activity';
import { ActivityCancellationDetails } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';

import { reportProgress } from '../../activities/runtime/progress';
import { HeartbeatInterceptor } from '../../workers/interceptors';

/** An activity as a worker of ours runs it; what it tells Temporal is in `beats`. */
function environmentOf(isLocal = false): {
  readonly environment: MockActivityEnvironment;
  readonly beats: unknown[];
  readonly run: (activity: () => Promise<unknown>) => Promise<unknown>;
} {
  const info = isLocal ? { isLocal } : {};
  const environment = new MockActivityEnvironment(info, {
    interceptors: [() => ({ inbound: new HeartbeatInterceptor() })],
    logger: new DefaultLogger('ERROR'),
  });
  const beats: unknown[] = [];
  environment.on('heartbeat', (details: unknown) => beats.push(details));
  return { environment, beats, run: (activity) => environment.run(activity) };
}

describe('heartbeats (D11)', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  // D11: a worker that dies is noticed when a heartbeat is missing for three seconds.
  test('every activity heartbeats each second with how far it is, until it ends', async () => {
    const { beats, run } = environmentOf();
    let end = (): void => {};
    const running = run(() => {
      reportProgress(Context.current(), { statuses: 's.' });
      return new Promise<void>((resolve) => (end = resolve));
    });

    await jest.advanceTimersByTimeAsync(2_900);
    const during = [...beats];
    end();
    await running;
    await jest.advanceTimersByTimeAsync(10_000);

    expect(during).toEqual([{ statuses: 's.' }, { statuses: 's.' }]);
    expect(beats).toHaveLength(2);
  });

  test('a local activity has nobody to heartbeat to', async () => {
    const { beats, run } = environmentOf(true);
    const running = run(() => new Promise((resolve) => setTimeout(resolve, 5_000)));

    await jest.advanceTimersByTimeAsync(5_000);
    await running;

    expect(beats).toEqual([]);
  });
});

describe('an activity that is told to stop (D2)', () => {
  async function stoppedBy(details: ActivityCancellationDetails): Promise<unknown> {
    const { environment, run } = environmentOf();
    const running = run(async () => {
      await Context.current().cancelled.catch(() => undefined);
      throw new Error('what a library says when its connection is dropped');
    });
    const ended = running.catch((error: unknown) => error);
    environment.cancel('CANCELLED', details);
    return ended;
  }

  // D2: a worker that is being stopped detaches; its activities must be given to the next one.
  test('because its worker does, fails so that another worker takes it up', async () => {
    const error = await stoppedBy(new ActivityCancellationDetails({ workerShutdown: true }));

    expect(error).toMatchObject({ type: 'WORKER_STOPPED', nonRetryable: false });
  });

  test.each([
    ['it was cancelled', { cancelRequested: true }],
    ['it was cancelled while its worker stops', { cancelRequested: true, workerShutdown: true }],
  ])('because %s, says that it was cancelled', async (_why, details) => {
    expect(await stoppedBy(new ActivityCancellationDetails(details))).toBeInstanceOf(CancelledFailure);
  });

  test('and that fails of itself says why', async () => {
    const { run } = environmentOf();

    await expect(run(() => Promise.reject(new Error('the store is away')))).rejects.toThrow('the store is away');
  });
});
