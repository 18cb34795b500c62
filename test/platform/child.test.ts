import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { transform } from '@swc/core';

import { startProgram } from '../support/child-process';
import type { SmallProgram } from '../support/child-process';

let source: string;

beforeAll(async () => {
  const file = join(__dirname, '..', '..', 'platform', 'child.ts');
  const { code } = await transform(await readFile(file, 'utf8'), {
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    module: { type: 'commonjs' },
  });
  source = code;
});

describe('exitWhenParentGoes()', () => {
  test('stops and exits with 0 when standard input ends (D15)', async () => {
    const child = await start(`{ supervised: true, stop: async () => undefined }`);

    child.process.stdin?.end();

    expect(await child.ended).toBe(0);
  });

  test('means the same by SIGTERM, and stops once', async () => {
    const child = await start(
      `{ supervised: true, stop: async () => { if (globalThis.stopped) process.exit(9); globalThis.stopped = true; } }`,
    );

    child.process.kill('SIGTERM');
    child.process.kill('SIGTERM');
    child.process.stdin?.end();

    expect(await child.ended).toBe(0);
  });

  test('exits with 1 when stopping fails', async () => {
    const child = await start(`{ supervised: true, stop: () => Promise.reject(new Error('store is away')) }`, 'ignore');

    child.process.stdin?.end();

    expect(await child.ended).toBe(1);
  });

  test('exits with 1 when stopping takes too long', async () => {
    const child = await start(`{ supervised: true, graceMs: 50, stop: () => new Promise(() => undefined) }`);

    child.process.stdin?.end();

    expect(await child.ended).toBe(1);
  });

  test('minds no standard input when nobody supervises', async () => {
    const child = await start(`{ supervised: false, stop: async () => process.exit(5) }`);

    child.process.stdin?.end();
    child.process.kill('SIGINT');

    expect(await child.ended).toBe(5);
  });
});

async function start(life: string, stderr: 'inherit' | 'ignore' = 'inherit'): Promise<SmallProgram> {
  const use = `exports.exitWhenParentGoes(${life}); exports.announceReady({ port: 1 }); setInterval(() => undefined, 1000);`;
  const child = startProgram(`${source}\n${use}`, [], stderr);
  expect(JSON.parse(await child.line)).toEqual({ ready: true, port: 1 });
  return child;
}
