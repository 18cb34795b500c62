import { createHash } from 'node:crypto';

import fc from 'fast-check';

import { signedOf } from '../../../../client/evidence/format';
import { isPart } from '../../../../client/evidence/verifier/parts';
import type { Trust } from '../../../../client/evidence/verifier/trust';
import { verifyEvidence } from '../../../../client/evidence/verifier/verify';
import { signText } from '../../../../platform/store/signing-key';
import { canonicalJson } from '../../../../workflows/domain/canonical-json';
import { forge } from '../../../platform/store/sample-journal';
import { coverOf, entriesOf, evidenceFile, newSigningKey, planHash } from '../evidence-file';

const key = newSigningKey();
const text = evidenceFile(key);
const lines = text.trimEnd().split('\n');
const kept = [coverOf(entriesOf(), key).checkpoint.checkpoint];

describe('verifyEvidence()', () => {
  test('accepts what an installation has written, and says what holds and what nobody can tell from it', () => {
    const verdict = verify(text, { key: key.publicKey, checkpoints: kept });

    expect(verdict).toMatchObject({
      ok: true,
      header: { name: 'run-7', stream: 'run/r7' },
      count: 6,
      summary: { approvals: [{ actor: 'user/bob', via: 'mail', choice: 'approve', planHash, standing: 'cast' }] },
    });
    expect(verdict.ok ? verdict.verified : []).toEqual([
      '6 entries are whole, in order and chained',
      `plan ${planHash} of hello@1.0.0 is whole, and is the one that the journal names`,
      'user/bob chose "approve" (cast, by mail) for a plan in this file',
      '2 digests of output, of 5 bytes, are those of the journal',
      'the checkpoint is one of those that were kept elsewhere',
      'entries 1 to 6 are in checkpoint 1 of 2023-11-14T22:15:00.000Z, among 3 states of journals',
      'the 2 states of this journal in it are all beginnings of this one',
      'the journal of run 8 (r8) has 3 entries under that checkpoint',
      'the signature is by the trusted key',
    ]);
    expect(openIn(verdict)).toEqual([
      'the output itself: only its digests are in this file',
      '1 outputs: the installation says that it has them no more',
      'that the tree has no other state of this journal: only the whole tree shows it (audit verify --all)',
      'what the journal of run 8 says, and that it belongs here: export it by itself',
      'that it goes by the name "run-7", and was written so late by this version: the installation says so',
      'the content of calendar freezes@3: only its digest',
      'the time stamp (RFC 3161) of the checkpoint: take it out with --stamp PREFIX, and check it with openssl',
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

          expect(changed === text || !verify(changed, { key: key.publicKey }).ok).toBe(true);
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

        expect(verifyEvidence([turned]).ok).toBe(false);
      }),
      { numRuns: 400 },
    );
  });

  // Whoever has the key can make the seal fit again: what then does not show must have been called unverified.
  test('finds any one bit that the installation itself turned, or has named the member of the file that it is in', () => {
    fc.assert(
      fc.property(fc.nat(lines.length - 2), fc.nat(), fc.integer({ min: 0, max: 7 }), (index, place, bit) => {
        const bytes = Buffer.from(lines[index] ?? '');
        const at = place % bytes.length;
        bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << bit), at);
        const changed = lines.with(index, bytes.toString('latin1'));

        const verdict = verify(resigned(changed), { key: key.publicKey, checkpoints: kept });

        const members = verdict.ok ? verdict.notVerified.flatMap((open) => open.members) : [];
        const turned = verdict.ok ? changedMembers(lines[index] ?? '', changed[index] ?? '') : [];
        expect(turned.filter((member) => !members.some((named) => `${member}.`.startsWith(`${named}.`)))).toEqual([]);
      }),
      { numRuns: 500 },
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

          expect(file === text || !verify(file).ok).toBe(true);
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
      ['a plan with another content', 'plan', ['"who":"world"', '"who":"nobody"'], 'contradiction'],
      ['another state of the journal', 'covered', ['"leaf":{"count":6', '"leaf":{"count":5'], 'changed'],
      ['another head of a child run', 'attested', ['"head":"cccc', '"head":"dccc'], 'contradiction'],
      ['a member that nobody looks at', 'entry', ['{"actor"', '{"a":1,"actor"'], 'unreadable'],
      ['an entry that counts from nought', 'entry', ['"seq":1,', '"seq":0,'], 'added'],
      ['a number of entries that is no whole one', 'trailer', ['"count":6', '"count":6.5'], 'unreadable'],
      ['a state of the journal that is before the first', 'covered', ['"index":0', '"index":-1'], 'unreadable'],
      ['a time that no calendar has', 'header', ['"exportedAt":1700000200000', '"exportedAt":1e+300'], 'unreadable'],
      [
        'an entry at a time that no calendar has',
        'entry',
        ['"at":1700000000001', '"at":8640000000000001'],
        'unreadable',
      ],
      [
        'a checkpoint at a time that no calendar has',
        'checkpoint',
        ['"at":1700000100000', '"at":1e+300'],
        'unreadable',
      ],
    ] as const)('%s is found', (_what, part, [from, to], kind) => {
      const forged = resigned(lines.map((line) => (line.includes(`"part":"${part}"`) ? line.replace(from, to) : line)));

      expect(problemsOf(forged).map((problem) => problem.kind)).toContain(kind);
    });

    test('a history that was written anew does not fit the checkpoint that others have seen', () => {
      const entries = entriesOf();
      const last = entries.at(-1);
      const rewritten =
        last === undefined ? [] : [...entries.slice(0, -1), forge(last, { payload: '{"outcome":"failed"}' })];
      const file = evidenceFile(key, { entries: rewritten });

      expect(verify(file, { key: key.publicKey })).toMatchObject({ ok: true });
      expect(verify(file, { key: key.publicKey, checkpoints: kept })).toMatchObject({
        ok: false,
        problems: [{ kind: 'contradiction' }],
      });
      expect(verify(text, { key: key.publicKey, checkpoints: kept })).toMatchObject({ ok: true });
    });
  });

  test('does not accept a file whose checkpoint was left out where checkpoints were kept elsewhere', () => {
    const file = evidenceFile(key, { cover: null });

    expect(verify(file, { key: key.publicKey })).toMatchObject({ ok: true });
    expect(verify(file, { key: key.publicKey, checkpoints: kept })).toMatchObject({
      ok: false,
      problems: [{ kind: 'missing', message: expect.stringContaining('Cannot find a checkpoint') }],
    });
  });

  // A file goes by the newest checkpoint that stood when it was written; by an older one it hides what the newer ones cover.
  test('says that a later checkpoint was kept elsewhere, and refuses a file that was written after it', () => {
    const later = kept.flatMap((first) => [2, 3].map((number) => ({ ...first, number, at: first.at + number * 1000 })));
    const trust = { key: key.publicKey, checkpoints: [...kept, ...later] };
    const afterwards = lines.with(
      0,
      (lines[0] ?? '').replace('"exportedAt":1700000200000', '"exportedAt":1700009000000'),
    );
    const elsewhere = later.map((checkpoint) => ({ ...checkpoint, installation: 'other' }));

    expect(openIn(verify(text, trust))).toContain(
      'what checkpoint 3, kept elsewhere, says of this journal: the file goes by 1',
    );
    expect(verify(resigned(afterwards), trust)).toMatchObject({
      ok: false,
      problems: [
        {
          kind: 'contradiction',
          message: 'Cannot go by checkpoint 1: checkpoint 2 was kept elsewhere before the file was written',
        },
      ],
    });
    expect(verify(resigned(afterwards), { ...trust, checkpoints: kept })).toMatchObject({ ok: true });
    expect(verify(resigned(afterwards), { ...trust, checkpoints: [...kept, ...elsewhere] })).toMatchObject({
      ok: true,
    });
  });

  test('of a file of another format it says which program reads it, and nothing else', () => {
    expect(problemsOf(text.replace('mainstay/evidence/2', 'mainstay/evidence/1'))).toEqual([
      {
        line: 1,
        seq: null,
        kind: 'unreadable',
        message:
          'Cannot read the file: its format is "mainstay/evidence/1", and this program reads "mainstay/evidence/2"; ' +
          'mainstay-verify of Mainstay "0.1.0" does',
      },
    ]);
  });

  test('does not accept the signature of another installation where one is trusted', () => {
    const other = newSigningKey();

    expect(verify(evidenceFile(other))).toMatchObject({ ok: true });
    expect(verify(evidenceFile(other), { key: key.publicKey })).toMatchObject({
      ok: false,
      problems: [{ kind: 'unsigned' }],
    });
  });

  test('a redacted entry is told with who took it out and why, and the rest holds', () => {
    const verdict = verify(evidenceFile(key, { entries: entriesOf('run/r7', [3]) }));

    expect(verdict).toMatchObject({
      ok: true,
      count: 7,
      summary: { approvals: [], redactions: [{ seq: 3, saidBy: 7 }] },
    });
    expect(openIn(verdict)).toContain(
      'the content of entry 3: user/dpo took it out on 2023-11-14T22:13:20.007Z (asked for by the person)',
    );
  });

  test('a payload that is gone without anybody having said so is found', () => {
    const emptied = entriesOf().map((entry) => (entry.seq === 3 ? { ...entry, salt: null, payload: null } : entry));

    expect(problemsOf(evidenceFile(key, { entries: emptied }))).toMatchObject([{ seq: 3, kind: 'unexplained' }]);
  });

  test('names what no checkpoint covers yet, by number and name, and a plan that is not in the file', () => {
    const earlier = verify(evidenceFile(key, { cover: coverOf(entriesOf(), key, 4) }));
    const bare = verify(evidenceFile(key, { cover: null, planless: true }));

    expect(openIn(earlier)).toContain('entries 5 to 6 (5 "wait.ended/5", 6 "run.ended/6"): not yet under a checkpoint');
    expect(openIn(bare)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^entries 1 to 6 \(1 "run\.created\/1", .*\): not yet under a checkpoint$/),
        'entries 1 to 3 of the journal of run 8: not yet under a checkpoint',
        `plan ${planHash}: the journal names it, the file does not have it`,
        'what 1 votes were given to: they signed a hash of something that is not in this file',
      ]),
    );
  });

  test('finds that an earlier state of the journal was covered which is no beginning of this one', () => {
    const early = coverOf(entriesOf(), key);
    const rewritten = evidenceFile(key, { entries: entriesOf('run/r7', [], 'user/eve'), cover: early });

    expect(problemsOf(rewritten)).toContainEqual(
      expect.objectContaining({ seq: 2, kind: 'changed', message: expect.stringContaining('another hash of it') }),
    );
  });

  test.each(['', '\n', 'null\n', '{}\n', '[]\n[]\n', '{"a":1e999}\n{}\n', '\u0000\n\ud800\n', '{"part":"attested"}\n'])(
    'never throws: %j',
    (nonsense) => {
      expect(verify(nonsense)).toMatchObject({ ok: false });
    },
  );
});

function verify(file: string, trust: Trust = {}) {
  return verifyEvidence([Buffer.from(file)], trust);
}

function openIn(verdict: ReturnType<typeof verify>): readonly string[] {
  return verdict.ok ? verdict.notVerified.map(({ says }) => says) : [];
}

function problemsOf(file: string) {
  const verdict = verify(file, { key: key.publicKey });
  return verdict.ok ? [] : verdict.problems;
}

/** The same lines under a trailer that fits them. */
function resigned(changed: readonly string[]): string {
  const header = parsed(changed[0] ?? '');
  const trailer = parsed(changed.at(-1) ?? '');
  const before = changed
    .slice(0, -1)
    .map((line) => `${line}\n`)
    .join('');
  if (!isPart('header', header) || !isPart('trailer', trailer)) return `${before}${changed.at(-1) ?? ''}\n`;
  const { part, publicKey, signature: _old, ...sealed } = trailer;
  const digest = createHash('sha256').update(before).digest('hex');
  const signature = signText(canonicalJson(signedOf(header, { ...sealed, digest })), key);
  return `${before}${canonicalJson({ part, ...sealed, digest, publicKey, signature })}\n`;
}

/** As `header.name`, without the places in lists. */
function changedMembers(line: string, changed: string): readonly string[] {
  const [was, is] = [parsed(line), parsed(changed)];
  const part = isPart('header', was) || isPart('attested', was) || isPart('checkpoint', was) ? was.part : '';
  return [...new Set(differences(part, was, is))];
}

function* differences(path: string, was: unknown, is: unknown): Generator<string> {
  if (typeof was !== 'object' || was === null || typeof is !== 'object' || is === null) {
    if (was !== is) yield path;
    return;
  }
  const [one, other] = [new Map<string, unknown>(Object.entries(was)), new Map<string, unknown>(Object.entries(is))];
  for (const name of new Set([...one.keys(), ...other.keys()])) {
    const below = Array.isArray(was) ? path : `${path}.${name}`;
    yield* differences(below, one.get(name) ?? null, other.get(name) ?? null);
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
