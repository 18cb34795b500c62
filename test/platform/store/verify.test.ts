import fc from 'fast-check';
import { genesisHash } from '../../../platform/store/chain';
import type { StoredEntry } from '../../../platform/store/store';
import { verifyChain } from '../../../platform/store/verify';
import { forge, sampleJournal } from './sample-journal';

const journal = sampleJournal(12, [5]);
const head = { count: 12, hash: journal.at(-1)?.hash ?? '' };

describe('verifyChain()', () => {
  test('accepts an untouched journal, with redacted entries in it', () => {
    expect(verifyChain(journal)).toEqual({ ok: true, count: 12, head: head.hash });
    expect(verifyChain(journal, head)).toMatchObject({ ok: true });
  });

  test('accepts an empty journal only where none was expected', () => {
    expect(verifyChain([])).toEqual({ ok: true, count: 0, head: genesisHash });
    expect(verifyChain([], { count: 1, hash: head.hash })).toMatchObject({
      ok: false,
      problems: [{ kind: 'missing', seq: 1 }],
    });
  });

  test('finds and names any one changed field of any entry (D4)', () => {
    fc.assert(
      fc.property(fc.nat(11), fc.constantFrom<keyof StoredEntry>(...fieldNames()), (index, field) => {
        const entry = journal[index];
        if (entry === undefined || entry[field] === null) return;
        const value = entry[field];
        const changed = { ...entry, [field]: typeof value === 'number' ? value + 1 : `${value}0` };

        const verdict = verifyChain(journal.with(index, changed), head);

        expect(namedSeqs(verdict)).toContain(changed.seq);
      }),
    );
  });

  test('finds and names a missing entry, wherever it was (D4)', () => {
    fc.assert(
      fc.property(fc.nat(11), (index) => {
        const verdict = verifyChain(journal.toSpliced(index, 1), head);

        expect(verdict).toMatchObject({ ok: false });
        expect(problemsOf(verdict)).toContainEqual(expect.objectContaining({ kind: 'missing', seq: index + 1 }));
      }),
    );
  });

  test('finds and names an entry that stands in another place (D4)', () => {
    fc.assert(
      fc.property(fc.nat(11), fc.nat(10), (from, to) => {
        const [moved] = journal.slice(from, from + 1);
        const place = to >= from ? to + 1 : to;
        if (moved === undefined) return;

        const verdict = verifyChain(journal.toSpliced(from, 1).toSpliced(place, 0, moved), head);

        expect(problemsOf(verdict)).toContainEqual(expect.objectContaining({ kind: 'reordered' }));
      }),
    );
  });

  test('finds and names an entry that was added, a copy or a forged one (D4)', () => {
    fc.assert(
      fc.property(fc.nat(11), fc.boolean(), (index, isCopy) => {
        const [original] = journal.slice(index, index + 1);
        if (original === undefined) return;
        const added = isCopy ? original : forge(original, { key: 'forged', salt: '0'.repeat(32), payload: '{}' });

        const verdict = verifyChain(journal.toSpliced(index + 1, 0, added), head);

        expect(problemsOf(verdict)).toContainEqual(expect.objectContaining({ kind: 'added', key: added.key }));
      }),
    );
  });

  test('finds an entry whose hashes were made to fit again: the next one is chained to the original', () => {
    const forged = journal.map((entry) => (entry.seq === 7 ? forge(entry, { payload: '{"seq":8}' }) : entry));

    expect(problemsOf(verifyChain(forged))).toEqual([
      { seq: 8, key: 'key 8', kind: 'changed', message: expect.stringContaining('the entry before it is not the one') },
    ]);
  });

  test('finds a chain that was rewritten to its end by the head that somebody else kept', () => {
    const rewritten: StoredEntry[] = [];
    for (const entry of journal) {
      const prev = rewritten.at(-1)?.hash ?? genesisHash;
      rewritten.push(
        entry.payload === null ? entry : forge(entry, { prev, payload: entry.seq === 12 ? '{}' : entry.payload }),
      );
    }

    expect(verifyChain(rewritten.slice(0, 4))).toMatchObject({ ok: true });
    expect(problemsOf(verifyChain(rewritten, head))).toContainEqual(
      expect.objectContaining({ kind: 'changed', seq: 12 }),
    );
  });

  // A number between two others names no entry as missing and none as added.
  test.each([
    ['between two others', { count: 12.5, hash: 'anything' }],
    ['between two others, and the right hash', { count: 12.5, hash: head.hash }],
    ['that is none', { count: Number.NaN, hash: head.hash }],
    ['below nought', { count: -1, hash: head.hash }],
    ['that is right, with another hash', { count: 12, hash: 'anything' }],
  ])('does not accept a recorded number of entries %s', (_what, expected) => {
    expect(verifyChain(journal, expected)).toMatchObject({ ok: false });
  });

  test('does not accept an empty journal whose recorded number of entries is below nought', () => {
    expect(verifyChain([], { count: -1, hash: genesisHash })).toMatchObject({ ok: false });
  });

  test('names a bounded number of gaps for a seq that is out of all reason', () => {
    const [first] = journal;
    if (first === undefined) throw new Error('Cannot test: the sample is empty');

    const verdict = verifyChain([forge(first, { seq: 2_000_000_000 })], { count: 2_000_000_000, hash: '' });

    expect(problemsOf(verdict).length).toBeLessThan(3_000);
  });
});

function fieldNames(): (keyof StoredEntry)[] {
  return [
    'stream',
    'seq',
    'key',
    'kind',
    'at',
    'actor',
    'via',
    'request',
    'payloadDigest',
    'prev',
    'hash',
    'salt',
    'payload',
  ];
}

type Verdict = ReturnType<typeof verifyChain>;

function problemsOf(
  verdict: Verdict,
): readonly { readonly seq: number; readonly kind: string; readonly key: string }[] {
  return verdict.ok ? [] : verdict.problems;
}

function namedSeqs(verdict: Verdict): readonly number[] {
  return problemsOf(verdict).map(({ seq }) => seq);
}
