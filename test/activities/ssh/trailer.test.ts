import fc from 'fast-check';

import { MarkSplitter, parseTrailer } from '../../../activities/ssh/trailer';

function split(chunks: readonly Buffer[]): { readonly bytes: Buffer; readonly splitter: MarkSplitter } {
  const parts: Buffer[] = [];
  const splitter = new MarkSplitter('n0', (bytes) => parts.push(bytes));
  for (const chunk of chunks) splitter.push(chunk);
  return { bytes: Buffer.concat(parts), splitter };
}

describe('MarkSplitter', () => {
  test('finds noise, output and mark, however the stream is cut into chunks', () => {
    const output = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes));
    const cuts = fc.array(fc.nat({ max: 400 }), { maxLength: 20 });
    fc.assert(
      fc.property(output, cuts, (wanted, at) => {
        const whole = Buffer.concat([
          Buffer.from('Welcome!\n\n##mainstay n0 begin\n'),
          wanted,
          Buffer.from('\n##mainstay n0 state=ended 0 end\nrest'),
        ]);
        const edges = [0, ...at.map((cut) => Math.min(cut, whole.length)).toSorted((a, b) => a - b), whole.length];
        const chunks = edges.slice(1).map((edge, index) => whole.subarray(edges[index], edge));

        const { bytes, splitter } = split(chunks);

        expect(bytes).toEqual(wanted);
        expect([splitter.mark, splitter.file]).toEqual(['state=ended 0 end', null]);
      }),
    );
  });

  test('takes the mark of another request for output', () => {
    const { bytes, splitter } = split([
      Buffer.from('\n##mainstay n0 begin\n\n##mainstay other state=ended 0 end\n'),
      Buffer.alloc(100),
    ]);

    expect(splitter.mark).toBeNull();
    expect(bytes.toString()).toContain('##mainstay other');
  });

  test('tells the file of results from the output before it', () => {
    const text = '\n##mainstay n0 begin\nout\n##mainstay n0 file\n{"a":1}\n\n##mainstay n0 end\n';

    const { bytes, splitter } = split(text.split('').map((letter) => Buffer.from(letter)));

    expect([bytes.toString(), splitter.file?.toString(), splitter.mark]).toEqual(['out', '{"a":1}\n', 'end']);
  });

  test('gives out no part of a mark that was cut off', () => {
    const { bytes } = split([Buffer.from('\n##mainstay n0 begin\nabc\n##mainstay n0 sta')]);

    expect(bytes.toString()).toBe('abc');
  });

  test('keeps what came instead of a beginning as the complaint', () => {
    const { splitter } = split([Buffer.from('sudo: a password is required\n')]);

    expect([splitter.hasBegun, splitter.complaint]).toEqual([false, 'sudo: a password is required']);
  });
});

describe('parseTrailer()', () => {
  test('tells fields from words', () => {
    const { fields, words } = parseTrailer('state=ended 0 1.5 2.5 99 none end kept=1');

    expect([[...fields], words]).toEqual([
      [
        ['state', 'ended'],
        ['kept', '1'],
      ],
      ['0', '1.5', '2.5', '99', 'none', 'end'],
    ]);
  });
});
