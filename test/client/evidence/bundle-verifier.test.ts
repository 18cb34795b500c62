import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { canonicalJson } from '../../../workflows/domain/canonical-json';
import { checkpointText } from '../../../platform/store/checkpoint';
import { toJson } from '../../../platform/store/json';
import { coverOf, entriesOf, evidenceFile, newSigningKey } from './evidence-file';

const root = join(__dirname, '..', '..', '..');
const key = newSigningKey();
const cover = coverOf(entriesOf(), key);
const { checkpoint } = cover.checkpoint;

let folder = '';
let program = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mainstay-verifier-'));
  const bundled = join(folder, 'bundled.js');
  const loader = join(root, 'test/support/typescript-child.js');
  const made = spawnSync(process.execPath, ['-r', loader, join(root, 'client/evidence/bundle-verifier.ts'), bundled], {
    encoding: 'utf8',
    cwd: root,
  });
  if (made.status !== 0) throw new Error(made.stderr);
  // Where no package of ours, and none of others, can be found.
  program = join(folder, 'mainstay-verify.js');
  copyFileSync(bundled, program);
  chmodSync(program, 0o755);
  writeFileSync(join(folder, 'run-7.jsonl'), evidenceFile(key));
  writeFileSync(join(folder, 'key.pem'), key.publicKey);
  writeFileSync(join(folder, 'checkpoints.jsonl'), `${canonicalJson(toJson(checkpoint))}\n`);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function verify(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: folder, encoding: 'utf8' });
  return { status, stdout, stderr };
}

describe('mainstay-verify', () => {
  test('is one readable file that asks for nothing but what is built into Node.js', () => {
    const text = readFileSync(program, 'utf8');
    const required = [...text.matchAll(/require\(['"]([^'"]+)['"]\)/g)].map(([, name]) => name ?? '');

    expect(required.filter((name) => !builtinModules.includes(name.replace(/^node:/, '')))).toEqual([]);
    expect(text).not.toMatch(/\bimport\(|\bfetch\(|\beval\(|new Function/);
    // Names and the comments on what is hashed are still there.
    expect(text).toContain('function verifyEvidence(');
    expect(text).toContain('SHA-256(salt ‖ payload bytes)');
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThan(300);
  });

  test('says what holds of a file, and ends with 0', () => {
    const verified = verify('run-7.jsonl', '--key', 'key.pem', '--checkpoints', 'checkpoints.jsonl');

    expect(verified).toMatchObject({ status: 0, stderr: '' });
    expect(verified.stdout).toMatch(/^verified: run-7 \(run\/r7\), 6 entries, head [0-9a-f]{64}\n/);
    expect(verified.stdout).toContain('  holds: the checkpoint is one of those that were kept elsewhere\n');
    expect(verified.stdout).toContain('  not verified: what the journal of run 8 says');
  });

  test('names the first broken entry, and ends with 1', () => {
    writeFileSync(join(folder, 'changed.jsonl'), evidenceFile(key).replace('Go on?', 'Go in?'));

    const refused = verify('changed.jsonl');

    expect(refused.status).toBe(1);
    expect(refused.stdout).toMatch(/^NOT VERIFIED: \d+ problems\n {2}first broken entry: 2\n {2}entry 2 changed: /);
  });

  test('verifies a file of checkpoints, and finds one that was changed', () => {
    writeFileSync(join(folder, 'forged.jsonl'), `${canonicalJson(toJson({ ...checkpoint, size: 2 }))}\n`);

    expect(verify('checkpoints.jsonl', '--key', 'key.pem')).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^verified: 1 checkpoints/),
    });
    expect(verify('forged.jsonl')).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('its signature does not fit'),
    });
  });

  test('takes the time stamp out for whoever checks it, and what it is over', () => {
    const unstamped = { ...cover, checkpoint: { ...cover.checkpoint, stamp: null } };
    writeFileSync(join(folder, 'unstamped.jsonl'), evidenceFile(key, { cover: unstamped }));

    expect(verify('run-7.jsonl', '--stamp', 'stamp')).toMatchObject({ status: 0 });
    expect(readFileSync(join(folder, 'stamp.tsr'), 'utf8')).toBe('token');
    expect(readFileSync(join(folder, 'stamp.txt'), 'utf8')).toBe(checkpointText(checkpoint));
    expect(verify('unstamped.jsonl', '--stamp', 'none')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('has none'),
    });
  });

  test('speaks JSON where a program reads it', () => {
    expect(JSON.parse(verify('run-7.jsonl', '--json').stdout)).toMatchObject({ ok: true, count: 6 });
  });

  test.each([[[]], [['a', 'b']], [['--nonsense']], [['missing.jsonl']], [['run-7.jsonl', '--key', 'missing.pem']]])(
    'ends with 2 when it is misused: %j',
    (args) => {
      expect(verify(...args)).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining('usage: ') });
    },
  );
});
