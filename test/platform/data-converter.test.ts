import { randomBytes } from 'node:crypto';

import { DefaultFailureConverter } from '@temporalio/common';

import { readConfig } from '../../platform/config';
import { dataConverter, encryptsPayloads, failureConverterPath } from '../../platform/data-converter';

const keys = `a:${randomBytes(32).toString('base64')}`;
const own = { TEMPORAL_ADDRESS: 'temporal.example.org:7233' };

describe('encryptsPayloads()', () => {
  test.each([
    ['nothing, everything is in the data directory', {}, false],
    ['a key', { MAINSTAY_PAYLOAD_KEYS: keys }, true],
    ['a server of your own with a key', { ...own, MAINSTAY_PAYLOAD_KEYS: keys }, true],
    ['a server of your own that may read everything', { ...own, MAINSTAY_PAYLOAD_ENCRYPTION: 'off' }, false],
    ['a key for what was encrypted before', { MAINSTAY_PAYLOAD_KEYS: keys, MAINSTAY_PAYLOAD_ENCRYPTION: 'off' }, false],
  ])('with %s', (_what, environment, encrypts) => {
    expect(encryptsPayloads(readConfig(environment))).toBe(encrypts);
  });

  test.each([own, { DATABASE_URL: 'postgres://u@db/mainstay' }])('with %j and no key nothing starts', (environment) => {
    expect(() => dataConverter(readConfig(environment))).toThrow(/no key is given/);
  });
});

test('messages and stack traces of failures are payloads, for the codec to hide', () => {
  const { failureConverter } = jest.requireActual<{ failureConverter: unknown }>(failureConverterPath);

  expect(failureConverter).toBeInstanceOf(DefaultFailureConverter);
  expect(failureConverter).toMatchObject({ options: { encodeCommonAttributes: true } });
});

test.each([
  [{ MAINSTAY_PAYLOAD_ENCRYPTION: 'on' }, /MAINSTAY_PAYLOAD_KEYS: Expected with MAINSTAY_PAYLOAD_ENCRYPTION=on/],
  [{ MAINSTAY_PAYLOAD_KEYS: 'short' }, /MAINSTAY_PAYLOAD_KEYS: Expected id:key/],
  [{ MAINSTAY_PAYLOAD_KEYS_FILE: '/nowhere/keys' }, /Cannot read file "\/nowhere\/keys"/],
])('readConfig() of %j says what is wrong', (environment, message) => {
  expect(() => readConfig(environment)).toThrow(message);
});
