import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { exportJournal, verifyExport } from '../../../platform/store/export';
import { loadSigningKey } from '../../../platform/store/signing-key';
import type { SigningKey } from '../../../platform/store/signing-key';
import { sampleJournal } from './sample-journal';

const entries = sampleJournal(6, [3]);
const journal = { stream: 'run/r1', installation: 'abcdef012345', exportedAt: 1_700_000_000_000, entries };

let folder = '';
let key: SigningKey = { privateKey: '', publicKey: '' };
let text = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mainstay-key-'));
  key = await loadSigningKey(join(folder, 'signing-key'));
  text = exportJournal(journal, key);
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('loadSigningKey()', () => {
  test('makes one key for the owner only, and all who ask at once get it', async () => {
    const file = join(folder, 'another-key');

    const keys = await Promise.all([1, 2, 3, 4].map(() => loadSigningKey(file)));

    expect(new Set(keys.map(({ publicKey }) => publicKey)).size).toBe(1);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(await loadSigningKey(file)).toEqual(keys[0]);
    expect(keys[0]?.publicKey).not.toBe(key.publicKey);
  });
});

describe('verifyExport()', () => {
  test('accepts what was exported, and says whose it is', () => {
    const { stream, installation, exportedAt } = journal;

    expect(verifyExport(text, key.publicKey)).toEqual({
      ok: true,
      stream,
      installation,
      exportedAt,
      count: 6,
      head: entries.at(-1)?.hash,
      publicKey: key.publicKey,
    });
  });

  test('accepts the export of an empty stream', () => {
    expect(verifyExport(exportJournal({ ...journal, entries: [] }, key))).toMatchObject({ ok: true, count: 0 });
  });

  test.each([1e300, 1.5, -1, 8_640_000_000_000_001])('does not take %d for the time of a file', (exportedAt) => {
    expect(verifyExport(exportJournal({ ...journal, exportedAt }, key))).toMatchObject({
      ok: false,
      problems: expect.arrayContaining([expect.objectContaining({ kind: 'unreadable', line: 1 })]),
    });
  });

  test('finds any one character changed, removed or added, anywhere in the file (D4)', () => {
    fc.assert(
      fc.property(
        fc.nat(text.length - 1),
        fc.constantFrom('change', 'remove', 'add'),
        fc.constantFrom('0', 'x', ' ', '\n', '"'),
        (at, how, by) => {
          const changed = text.slice(0, at) + (how === 'remove' ? '' : by) + text.slice(how === 'add' ? at : at + 1);
          if (changed === text) return;

          const verdict = verifyExport(changed, key.publicKey);

          expect(verdict.ok).toBe(false);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('finds and names any one line that is missing, doubled or moved (D4)', () => {
    const lines = text.trimEnd().split('\n');
    fc.assert(
      fc.property(
        fc.nat(lines.length - 1),
        fc.nat(lines.length - 1),
        fc.constantFrom('remove', 'double', 'move'),
        (from, to, how) => {
          const [line] = lines.slice(from, from + 1);
          if (line === undefined || (how === 'move' && from === to)) return;
          const without = lines.toSpliced(from, 1);
          const changed = {
            remove: without,
            double: lines.toSpliced(from, 0, line),
            move: without.toSpliced(to, 0, line),
          }[how];

          const verdict = verifyExport(`${changed.join('\n')}\n`);

          expect(verdict.ok).toBe(false);
          expect(verdict.ok ? [] : verdict.problems).not.toEqual([]);
        },
      ),
    );
  });

  test('finds a cut tail, even one that leaves a chain that is right in itself', () => {
    const shorter = exportJournal({ ...journal, entries: entries.slice(0, 4) }, key)
      .trimEnd()
      .split('\n');
    const trailer = text.trimEnd().split('\n').at(-1) ?? '';

    const verdict = verifyExport(`${shorter.with(-1, trailer).join('\n')}\n`);

    expect(verdict).toMatchObject({
      ok: false,
      problems: [
        { kind: 'missing', seq: 5 },
        { kind: 'missing', seq: 6 },
      ],
    });
  });

  test('does not accept the signature of another installation where one is trusted', async () => {
    const other = await loadSigningKey(join(folder, 'other-key'));
    const foreign = exportJournal(journal, other);

    expect(verifyExport(foreign)).toMatchObject({ ok: true, publicKey: other.publicKey });
    expect(verifyExport(foreign, key.publicKey)).toMatchObject({ ok: false, problems: [{ kind: 'unsigned' }] });
  });

  test('does not accept entries of one stream under the name of another', () => {
    const misnamed = exportJournal({ ...journal, stream: 'run/other' }, key);

    expect(verifyExport(misnamed)).toMatchObject({ ok: false, problems: [{ kind: 'added', seq: 1 }] });
  });

  test.each(['', '\n', 'null\n', '{}\n', '[]\n[]\n', '{"a":1e999}\n{}\n', '\u0000\n\ud800\n'])(
    'never throws: %j',
    (nonsense) => {
      expect(verifyExport(nonsense)).toMatchObject({ ok: false });
    },
  );
});
