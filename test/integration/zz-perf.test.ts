import { join } from 'node:path';
import { program, task } from '../activities/runtime/fixture';
import { openEngine } from './engine-under-test';
import { startRun } from './start-run';

test('perf', async () => {
  const engine = await openEngine({ workflowsPath: join(__dirname, '../../workflows/index.ts') });
  const stop = await engine.startWorker();
  const steps = Array.from({ length: 40 }, (_, i) => task(`s${i}`, { verb: 'uses', where: { on: 'worker' }, operation: { name: 'core.echo', effect: 'read', light: true, input: { literal: { a: 1 } }, timeoutMs: 5000 } }));
  const out: number[] = [];
  for (let n = 0; n < 8; n++) {
    const t = Date.now();
    const run = await startRun(engine, program(steps));
    const t1 = Date.now();
    await run.result();
    out.push(t1 - t, Date.now() - t1);
    if (n === 7) {
      const { events } = await run.handle.fetchHistory();
      const list = (events ?? []).map((e) => `${e.eventType}:${e.markerRecordedEventAttributes ? JSON.stringify(e.markerRecordedEventAttributes.details?.data?.payloads?.map((p: {data?: Uint8Array|null}) => Buffer.from(p.data ?? []).toString().slice(0,260))) : ''}@${Number(e.eventTime?.seconds) % 1000}.${Math.round(Number(e.eventTime?.nanos) / 1e6)}`);
      process.stderr.write(`EV ${list.slice(0, 60).join('\n')}\n`);
    }
  }
  process.stderr.write(`PERF ${out.join()}\n`);
  await stop();
  await engine.close();
}, 60000);
