import fc from 'fast-check';

import { matchesIn, OutputBuffer, sourceOf } from '../../../../../client/console/pages/run/output-buffer';
import type { OutputPiece } from '../../../../../client/console/pages/run/output-buffer';

function piece(bytes: Uint8Array | string, parts: Partial<OutputPiece> = {}): OutputPiece {
  const base64 = Buffer.from(bytes).toString('base64');
  return { path: 'upgrade/host:web1/install', phase: 'do', generation: 1, stream: 'stdout', base64, ...parts };
}

function texts(buffer: OutputBuffer): readonly string[] {
  return buffer.lines().map(({ text }) => text);
}

test('OutputBuffer gives the same lines however the bytes are cut into pieces', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme' })), fc.array(fc.nat(40)), (lines, cuts) => {
      const clean = lines.map((line) => line.replaceAll(/\p{Cc}/gu, ''));
      const bytes = Buffer.from(clean.map((line) => `${line}\n`).join(''));
      const buffer = new OutputBuffer();
      let from = 0;
      for (const length of [...cuts, bytes.length]) {
        buffer.add([piece(bytes.subarray(from, from + length))]);
        from += length;
      }
      buffer.end();

      expect(texts(buffer)).toEqual(clean);
    }),
  );
});

test('OutputBuffer keeps the lines of two hosts apart, though their pieces come in turns', () => {
  const buffer = new OutputBuffer();
  const other = { path: 'upgrade/host:web2/install' };

  buffer.add([piece('one '), piece('two '), piece('A ', other), piece('line\n'), piece('B\n', other)]);

  expect(buffer.lines().map(({ source, text }) => `${source}: ${text}`)).toEqual([
    'web1 upgrade/install: one two line',
    'web2 upgrade/install: A B',
  ]);
});

test('OutputBuffer shows a line without an end once nothing more comes', () => {
  const buffer = new OutputBuffer();
  buffer.add([piece('no end')]);
  expect(texts(buffer)).toEqual([]);

  buffer.end();

  expect(texts(buffer)).toEqual(['no end']);
});

test('OutputBuffer keeps the newest lines and counts what it left out', () => {
  const buffer = new OutputBuffer(100);

  for (let index = 0; index < 1_000; index += 1) buffer.add([piece(`line ${index}\n`)]);

  expect(buffer.lines()).toHaveLength(100);
  expect(buffer.lines().at(-1)).toEqual({
    number: 1_000,
    source: 'web1 upgrade/install',
    stream: 'stdout',
    text: 'line 999',
  });
  expect(buffer.leftOut()).toBe(900);
});

test('OutputBuffer cuts a line that never ends, so that it cannot fill the memory', () => {
  const buffer = new OutputBuffer();

  for (let index = 0; index < 10; index += 1) buffer.add([piece('x'.repeat(10_000))]);
  buffer.end();

  expect(Math.max(...texts(buffer).map(({ length }) => length))).toBeLessThanOrEqual(8_000);
  expect(texts(buffer).join('')).toHaveLength(100_000);
});

test.each([
  ['upgrade/host:web1/install', 'web1 upgrade/install'],
  ['upgrade/host:web1/delegate:lb1/drain', 'web1 lb1 upgrade/drain'],
  ['greet', 'greet'],
  ['a/host:db%2F1/b', 'db/1 a/b'],
])('sourceOf() tells %s as %s', (path, source) => {
  expect(sourceOf(path)).toBe(source);
});

test('matchesIn() finds a phrase in any case', () => {
  const buffer = new OutputBuffer();
  buffer.add([piece('one\nError: two\nthree error\n')]);

  expect(matchesIn(buffer.lines(), 'ERROR')).toEqual([1, 2]);
  expect(matchesIn(buffer.lines(), '')).toEqual([]);
});
