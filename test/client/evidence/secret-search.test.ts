import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import fc from 'fast-check';

import { sightings, sightingsInFolder } from '../../support/secret-search';

// What is not found counts as proof that it is not there: so the searcher itself must find.
const canary = { name: 'token', value: 'Cn4ry"\\/+&=% ?~0123456789' };

const encodings: readonly (readonly [form: string, encode: (text: string) => string])[] = [
  ['raw', (text) => text],
  ['JSON', (text) => JSON.stringify({ text })],
  ['JSON in JSON', (text) => JSON.stringify({ inner: JSON.stringify({ text }) })],
  ['URL', (text) => `https://x.example/?q=${encodeURIComponent(text)}`],
  ['form', (text) => new URLSearchParams({ q: text }).toString()],
  ['hex', (text) => Buffer.from(text).toString('hex')],
  ['HEX', (text) => Buffer.from(text).toString('hex').toUpperCase()],
  ['base64', (text) => Buffer.from(text).toString('base64')],
  ['base64url', (text) => Buffer.from(text).toString('base64url')],
];

describe('sightings()', () => {
  test.each(encodings)('finds a secret as %s, wherever it stands in what was encoded', (_form, encode) => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), fc.string({ maxLength: 40 }), (before, after) => {
        const found = sightings([canary], 'here', Buffer.from(encode(`${before}${canary.value}${after}`)));

        expect(found).not.toEqual([]);
        expect(found[0]).toMatchObject({ canary: 'token', place: 'here' });
      }),
    );
  });

  test.each(encodings)('does not find another one as %s', (_form, encode) => {
    expect(sightings([canary], 'here', Buffer.from(encode('Cn4ry"\\/+&=% ?~9876543210')))).toEqual([]);
  });
});

test('sightingsInFolder() looks into every file below', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mainstay-search-'));
  mkdirSync(join(folder, 'deep', 'deeper'), { recursive: true });
  writeFileSync(join(folder, 'deep', 'deeper', 'log'), `said ${canary.value}\n`);
  writeFileSync(join(folder, 'clean'), 'nothing');

  const found = sightingsInFolder([canary], folder);
  rmSync(folder, { recursive: true, force: true });

  expect(found.map(({ form, place }) => [form, place])).toEqual([['raw', join(folder, 'deep', 'deeper', 'log')]]);
});
