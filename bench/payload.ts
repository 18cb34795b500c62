import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { defaultPayloadConverter } from '@temporalio/common';
import type { PayloadCodec } from '@temporalio/common';

import { createPayloadCodec } from '../platform/payload-codec';
import { parsePayloadKeys } from '../platform/payload-keys';
import type { Engine } from './engine';
import { startEngine } from './engine';
import type { Figure } from './figure';
import { team, twoStepRunbook } from './runbooks';
import { publish, timeRun } from './runs';
import { median } from './statistics';

const rounds = 21;
const payloadsARound = 500;

/** What encrypting payloads costs: one by one, and of a run. Both sides in turn, in one run. */
export async function payloadFigures(): Promise<readonly Figure[]> {
  const keys = `bench:${randomBytes(32).toString('base64')}`;
  return [await ofPayload(1, keys), await ofPayload(30, keys), await ofRun(keys)];
}

async function ofPayload(kibibytes: number, keyText: string): Promise<Figure> {
  const keys = parsePayloadKeys(keyText) ?? [];
  const [encrypting, plain] = [true, false].map((encrypts) => createPayloadCodec({ keys, encrypts }));
  if (encrypting === undefined || plain === undefined) throw new Error('Cannot take the figure: no codec');
  const value = {
    output: randomBytes(kibibytes * 384).toString('hex'),
    exitCode: 0,
    padding: 'x'.repeat(kibibytes * 256),
  };
  const times = { encrypted: new Array<number>(), plain: new Array<number>() };
  for (let round = 0; round < rounds; round += 1) {
    times.encrypted.push(await thereAndBack(encrypting, value));
    times.plain.push(await thereAndBack(plain, value));
  }
  return {
    name: `a payload of ${kibibytes} KiB, encrypted, written and read`,
    value: median(times.encrypted),
    unit: 'µs',
    target: '',
    against: { name: 'in clear', value: median(times.plain) },
  };
}

/** Microseconds for one. */
async function thereAndBack(codec: PayloadCodec, value: object): Promise<number> {
  const startedAt = performance.now();
  for (let count = 0; count < payloadsARound; count += 1) {
    const encoded = await codec.encode([defaultPayloadConverter.toPayload(value)]);
    for (const payload of await codec.decode(encoded)) defaultPayloadConverter.fromPayload(payload);
  }
  return ((performance.now() - startedAt) * 1_000) / payloadsARound;
}

/** On two engines that differ in nothing else. */
async function ofRun(keys: string): Promise<Figure> {
  const folder = await mkdtemp(join(tmpdir(), 'mainstay-bench-payload-'));
  const engines: Engine[] = [];
  try {
    const encrypting = await startEngine(join(folder, 'encrypted'), { MAINSTAY_PAYLOAD_KEYS: keys });
    engines.push(encrypting);
    const plain = await startEngine(join(folder, 'clear'));
    engines.push(plain);
    for (const engine of engines) await publish(engine, [team, twoStepRunbook('activities')]);
    const times = { encrypted: new Array<number>(), plain: new Array<number>() };
    for (let round = 0; round < rounds; round += 1) {
      times.encrypted.push(await timeRun(encrypting, 'two-activities'));
      times.plain.push(await timeRun(plain, 'two-activities'));
    }
    return {
      name: 'a run of two activities, encrypted',
      value: median(times.encrypted),
      unit: 'ms',
      target: '',
      against: { name: 'in clear', value: median(times.plain) },
    };
  } finally {
    for (const engine of engines) await engine.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
