import { readConfig } from '../../platform/config';
import { temporalConnectionOptions } from '../../platform/temporal';
import { hostAndPort } from '../../platform/temporal-health';

describe('temporalConnectionOptions()', () => {
  test.each([
    ['a plain server', { TEMPORAL_ADDRESS: 'a:7233' }, { address: 'a:7233', tls: false }],
    ['an API key', { TEMPORAL_ADDRESS: 'a:7233', TEMPORAL_API_KEY: 'k' }, { address: 'a:7233', tls: {}, apiKey: 'k' }],
    [
      'TLS with a server name',
      { TEMPORAL_ADDRESS: 'a:7233', TEMPORAL_TLS: 'true', TEMPORAL_TLS_SERVER_NAME: 'n' },
      { address: 'a:7233', tls: { serverNameOverride: 'n' } },
    ],
  ])('are right for %s', (_what, environment, expected) => {
    expect(temporalConnectionOptions(readConfig(environment).temporal)).toEqual(expected);
  });

  test('do not exist without an address', () => {
    expect(() => temporalConnectionOptions(readConfig({}).temporal)).toThrow('Cannot connect to Temporal');
  });
});

test.each([
  ['127.0.0.1:7233', { host: '127.0.0.1', port: 7233 }],
  ['temporal.example:443', { host: 'temporal.example', port: 443 }],
  ['[::1]:7233', { host: '::1', port: 7233 }],
])('hostAndPort(%j)', (address, expected) => {
  expect(hostAndPort(address)).toEqual(expected);
});
