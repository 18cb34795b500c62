import { inspect } from 'node:util';

import { childEnvironment, ConfigError, readConfig, readEnvironmentSecret } from '../../platform/config';

test.each([
  ['1', 1],
  ['400', 400],
  ['forever', null],
])('readConfig() takes MAINSTAY_KEEP_OUTPUT_DAYS=%s for %p', (text, days) => {
  expect(readConfig({ MAINSTAY_KEEP_OUTPUT_DAYS: text }).keepOutputDays).toBe(days);
});

test.each(['0', '-1', '1.5', 'ever', '1e3'])('readConfig() refuses MAINSTAY_KEEP_OUTPUT_DAYS=%s', (text) => {
  expect(() => readConfig({ MAINSTAY_KEEP_OUTPUT_DAYS: text })).toThrow(
    /MAINSTAY_KEEP_OUTPUT_DAYS: Expected a number of days/,
  );
});

describe('readConfig()', () => {
  test('has a default for everything', () => {
    const config = readConfig({});

    expect(config).toMatchObject({
      dataDirectoryGiven: false,
      databaseUrl: null,
      temporal: { address: null, namespace: 'mainstay', apiKey: null, tls: null },
      api: { port: null },
      keepOutputDays: 90,
      log: { level: 'info' },
      supervised: false,
      http: { privateAddresses: 'allow' },
    });
    expect(config.dataDirectory.endsWith('/mainstay')).toBe(true);
    expect(config.places.cache.endsWith('/.cache/mainstay')).toBe(true);
  });

  test('tells all problems at once, and no value', () => {
    const environment = {
      MAINSTAY_API_PORT: '99999',
      MAINSTAY_LOG_LEVEL: 'loud',
      TEMPORAL_ADDRESS: 'temporal',
      DATABASE_URL: 'mysql://root:hunter2@db/x',
      TEMPORAL_TLS: 'perhaps',
    };

    const problems = problemsOf(environment);

    expect(problems).toHaveLength(5);
    expect(problems.join('\n')).not.toContain('hunter2');
    for (const name of Object.keys(environment))
      expect(problems.some((problem) => problem.startsWith(name))).toBe(true);
  });

  test.each([
    ['a certificate without its key', { TEMPORAL_TLS_CLIENT_CERT_PATH: __filename }],
    ['a key without its certificate', { TEMPORAL_TLS_CLIENT_KEY_PATH: __filename }],
    ['an API key without an address', { TEMPORAL_API_KEY: 'k' }],
    ['a certificate file that is not there', { TEMPORAL_TLS_SERVER_CA_CERT_PATH: `${__filename}.not` }],
  ])('refuses %s', (_what, environment) => {
    expect(problemsOf(environment)).toHaveLength(1);
  });

  test('takes a variable that is set to nothing for one that is not set', () => {
    const config = readConfig({ TEMPORAL_ADDRESS: '', MAINSTAY_LOG_LEVEL: '' });

    expect([config.temporal.address, config.log.level]).toEqual([null, 'info']);
  });

  test.each([
    ['an API key turns TLS on', { TEMPORAL_ADDRESS: 'a:7233', TEMPORAL_API_KEY: 'k' }, true],
    [
      'unless TEMPORAL_TLS says no',
      { TEMPORAL_ADDRESS: 'a:7233', TEMPORAL_API_KEY: 'k', TEMPORAL_TLS: 'false' },
      false,
    ],
    ['a plain address has none', { TEMPORAL_ADDRESS: 'a:7233' }, false],
  ])('%s', (_what, environment, expected) => {
    expect(readConfig(environment).temporal.tls !== null).toBe(expected);
  });

  test('keeps secrets out of every print', () => {
    const config = readConfig({ DATABASE_URL: 'postgres://u:hunter2@db/x', VAULT_TOKEN: 'hunter2' });

    const printed = [JSON.stringify(config), inspect(config, { depth: null }), `${String(config.databaseUrl)}`].join(
      '\n',
    );

    expect(printed).not.toContain('hunter2');
    expect(printed).toContain('[redacted]');
    expect(config.databaseUrl?.reveal()).toBe('postgres://u:hunter2@db/x');
  });
});

test('childEnvironment() changes, adds and takes away', () => {
  const environment = childEnvironment({ A: '1', B: null, C: '3' }, { A: '0', B: '2', D: '4', E: undefined });

  expect(environment).toEqual({ A: '1', C: '3', D: '4' });
});

test('readEnvironmentSecret() answers null for a name that is not set', () => {
  expect(readEnvironmentSecret('X', { X: 'v' })?.reveal()).toBe('v');
  expect(readEnvironmentSecret('Y', { X: 'v' })).toBeNull();
});

function problemsOf(environment: Record<string, string>): readonly string[] {
  try {
    readConfig(environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}
