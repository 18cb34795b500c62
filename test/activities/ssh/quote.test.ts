import { spawnSync } from 'node:child_process';

import fc from 'fast-check';

import { assignment, quote } from '../../../activities/ssh/quote';

describe('quote()', () => {
  test('gives back any text through a real shell, whatever it holds', () => {
    const texts = fc.array(
      fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\0', '')),
      { minLength: 1, maxLength: 20 },
    );
    fc.assert(
      fc.property(texts, (words) => {
        const { stdout } = spawnSync('/bin/sh', ['-c', `printf '%s\\0' ${words.map(quote).join(' ')}`]);

        expect(stdout).toEqual(Buffer.concat(words.map((word) => Buffer.from(`${word}\0`))));
      }),
      { numRuns: 30 },
    );
  });

  test('refuses a NUL, which no argument can hold', () => {
    expect(() => quote('a\0b')).toThrow('Cannot quote text for a shell: it holds a NUL');
  });
});

describe('assignment()', () => {
  test.each(['1A', 'A-B', 'A=1;rm', ''])('refuses the name "%s"', (name) => {
    expect(() => assignment(name, 'x')).toThrow(`Cannot set variable "${name}": not a valid name`);
  });
});
