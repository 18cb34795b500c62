import { createHash } from 'node:crypto';

import fc from 'fast-check';

import { signedOf } from '../../../../client/evidence/format';
import { isHeader, isTrailer } from '../../../../client/evidence/verifier/parts';
import { verifyEvidence } from '../../../../client/evidence/verifier/verify';
import { signText } from '../../../../platform/store/signing-key';
import { canonicalJson } from '../../../../workflows/domain/canonical-json';
import { forge } from '../../../platform/store/sample-journal';
import { entriesOf, evidenceFile, newSigningKey, planHash, proofOf } from '../evidence-file';

const key = newSigningKey();
const text = evidenceFile(key);
const lines = text.trimEnd().split('\n');

describe('verifyEvidence()', () => {
  test('accepts what an installation has written, and says what holds and what nobody can tell from it', () => {
    const verdict = verifyEvidence(text, { key: key.publicKey });

    expect(verdict).toMatchObject({
      ok: true,
      header: { name: 'run-7', stream: 'run/r7' },
      count: 5,
      summary: { approvals: [{ actor: 'user/bob', via: 'mail', choice: 'approve', planHash, standing: 'cast' }] },
    });
    expect(verdict.ok ? verdict.verified : []).toEqual([
      '5 entries are whole, in order and chained',
      `plan ${planHash} is whole, and is the one that the journal names`,
      'user/bob chose "approve" (cast, by mail) for a plan in this file',
      '2 digests of output are those of the journal',
      'entries 1 to 5 are in checkpoint 1 of 2023-11-14T22:15:00.000Z, among 1 states of journals',
      'the signature is by the trusted key',
    ]);
    expect(verdict.ok ? verdict.notVerified : []).toEqual([
      'the output itself: only its digests are in this file',
      'the journal of run 8: the file has its head only, export it by itself',
      '1 versions of definitions: the installation says so',
      'that the checkpoint is the one that others have seen: compare it with --checkpoints FILE',
      'that no other state of this journal was covered before or since: the file alone does not show it',
    ]);
  });

  test('finds any one character changed, removed or added, anywhere in the file', () => {
    fc.assert(
      fc.property(
        fc.nat(text.length - 1),
        fc.constantFrom('change', 'remove', 'add'),
        fc.constantFrom('0', 'x', ' ', '\n', '"', '\u0000'),
        (at, how, by) => {
          const changed = text.slice(0, at) + (how === 'remove' ? '' : by) + text.slice(how === 'add' ? at : at + 1);

          expect(changed === text || !verifyEvidence(changed, { key: key.publicKey }).ok).toBe(true);
        },
      ),
      { numRuns: 400 },
    );
  });

  test('finds any one bit of any byte turned', () => {
    const bytes = Buffer.from(text);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 0, max: 7 }), (at, bit) => {
        const turned = Buffer.from(bytes);
        turned.writeUInt8(turned.readUInt8(at) ^ (1 << bit), at);

        expect(verifyEvidence(turned.toString('utf8')).ok).toBe(false);
      }),
      { numRuns: 400 },
    );
  });

  test('finds any one line that is missing, doubled or moved', () => {
    fc.assert(
      fc.property(
        fc.nat(lines.length - 1),
        fc.nat(lines.length - 1),
        fc.constantFrom('remove', 'double', 'move'),
        (from, to, how) => {
          const line = lines.slice(from, from + 1);
          const without = lines.toSpliced(from, 1);
          const changed = {
            remove: without,
            double: lines.toSpliced(from, 0, ...line),
            move: without.toSpliced(to, 0, ...line),
          };
          const file = `${changed[how].join('\n')}\n`;

          expect(file === text || !verifyEvidence(file).ok).toBe(true);
        },
      ),
    );
  });

  test('names the entry that was changed, and the one that was taken out, first', () => {
    const changed = text.replace('Go on?', 'Go in?');
    const without = `${lines.toSpliced(3, 1).join('\n')}\n`;

    expect(problemsOf(changed)[0]).toMatchObject({ seq: 2, kind: 'changed' });
    expect(problemsOf(without)[0]).toMatchObject({ seq: 3, kind: 'missing' });
  });

  // Whoever has the key can sign anything: what then still shows is what does not fit the rest.
  describe('made by whoever holds the key', () => {
    test.each([
      [
        'a summary that says more than the journal',
        'summary',
        ['"actor":"user/bob"', '"actor":"user/eve"'],
        'contradiction',
      ],
      ['a plan with another content', 'plan', ['"who":"world"', '"who":"nobody"'], 'contradiction'],
      ['a proof of another state', 'checkpoint', ['"leaf":{"count":5', '"leaf":{"count":4'], 'changed'],
    ] as const)('%s is found', (_what, part, [from, to], kind) => {
      const forged = resigned(lines.map((line) => (line.includes(`"part":"${part}"`) ? line.replace(from, to) : line)));

      expect(problemsOf(forged).map((problem) => problem.kind)).toContain(kind);
    });

    test('a history that was written anew does not fit the checkpoint that others have seen', () => {
      const kept = [proofOf(entriesOf(), key).checkpoint];
      const entries = entriesOf();
      const last = entries.at(-1);
      const rewritten =
        last === undefined ? [] : [...entries.slice(0, -1), forge(last, { payload: '{"outcome":"failed"}' })];
      const file = evidenceFile(key, { entries: rewritten });

      expect(verifyEvidence(file, { key: key.publicKey })).toMatchObject({ ok: true });
      expect(verifyEvidence(file, { key: key.publicKey, checkpoints: kept })).toMatchObject({
        ok: false,
        problems: [{ kind: 'contradiction' }],
      });
      expect(verifyEvidence(text, { key: key.publicKey, checkpoints: kept })).toMatchObject({ ok: true });
    });
  });

  test('does not accept a file whose checkpoint was left out where checkpoints were kept elsewhere', () => {
    const file = evidenceFile(key, { checkpoint: null });
    const kept = [proofOf(entriesOf(), key).checkpoint];

    expect(verifyEvidence(file, { key: key.publicKey })).toMatchObject({ ok: true });
    expect(verifyEvidence(file, { key: key.publicKey, checkpoints: kept })).toMatchObject({
      ok: false,
      problems: [{ kind: 'missing', message: expect.stringContaining('Cannot find a checkpoint') }],
    });
  });

  test('does not accept the signature of another installation where one is trusted', () => {
    const other = newSigningKey();

    expect(verifyEvidence(evidenceFile(other))).toMatchObject({ ok: true });
    expect(verifyEvidence(evidenceFile(other), { key: key.publicKey })).toMatchObject({
      ok: false,
      problems: [{ kind: 'unsigned' }],
    });
  });

  test('a redacted entry is told with who took it out and why, and the rest holds', () => {
    const verdict = verifyEvidence(evidenceFile(key, { entries: entriesOf('run/r7', [3]) }));

    expect(verdict).toMatchObject({
      ok: true,
      count: 6,
      summary: { approvals: [], redactions: [{ seq: 3, saidBy: 6 }] },
    });
    expect(verdict.ok ? verdict.notVerified : []).toContain(
      'the content of entry 3: user/dpo took it out on 2023-11-14T22:13:20.006Z (asked for by the person)',
    );
  });

  test('a payload that is gone without anybody having said so is found', () => {
    const emptied = entriesOf().map((entry) => (entry.seq === 3 ? { ...entry, salt: null, payload: null } : entry));

    expect(problemsOf(evidenceFile(key, { entries: emptied }))).toMatchObject([{ seq: 3, kind: 'unexplained' }]);
  });

  test('says what is later than the checkpoint, that there is none, and that a plan is not in the file', () => {
    const earlier = verifyEvidence(evidenceFile(key, { checkpoint: proofOf(entriesOf(), key, 3) }));
    const bare = verifyEvidence(evidenceFile(key, { checkpoint: null, planless: true }));

    expect(earlier.ok ? earlier.notVerified : []).toContain(
      "2 entries are later than the checkpoint: only the file's own signature covers them",
    );
    expect(bare.ok ? bare.notVerified : []).toEqual(
      expect.arrayContaining([
        'no checkpoint is in the file: that the installation keeps no other version of this journal',
        `plan ${planHash}: the journal names it, the file does not have it`,
        'what 1 votes were given to: they signed a hash of something that is not in this file',
      ]),
    );
  });

  test.each(['', '\n', 'null\n', '{}\n', '[]\n[]\n', '{"a":1e999}\n{}\n', '\u0000\n\ud800\n', '{"part":"attested"}\n'])(
    'never throws: %j',
    (nonsense) => {
      expect(verifyEvidence(nonsense)).toMatchObject({ ok: false });
    },
  );
});

function problemsOf(file: string) {
  const verdict = verifyEvidence(file, { key: key.publicKey });
  return verdict.ok ? [] : verdict.problems;
}

/** The same lines under a trailer that fits them. */
function resigned(changed: readonly string[]): string {
  const header: unknown = JSON.parse(changed[0] ?? '');
  const trailer: unknown = JSON.parse(changed.at(-1) ?? '');
  if (!isHeader(header) || !isTrailer(trailer)) throw new Error('Cannot sign: no header, or no trailer');
  const before = changed
    .slice(0, -1)
    .map((line) => `${line}\n`)
    .join('');
  const { part, publicKey, signature: _old, ...sealed } = trailer;
  const digest = createHash('sha256').update(before).digest('hex');
  const signature = signText(canonicalJson(signedOf(header, { ...sealed, digest })), key);
  return `${before}${canonicalJson({ part, ...sealed, digest, publicKey, signature })}\n`;
}
