// ESM-only packages are compiled by swc like our own files; the list is the only place to extend.
const esmOnly = [
  '@marcbachmann/cel-js',
  'content-disposition',
  'cookie',
  'jose',
  'oauth4webapi',
  'oidc-provider',
  'openid-client',
  'temporal-polyfill',
  'temporal-utils',
];

const base = {
  testEnvironment: 'node',
  transform: {
    '^.+\\.(t|m?j)s$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } },
    ],
  },
  transformIgnorePatterns: [`/node_modules/(?!(${esmOnly.join('|')})/)`],
  // A dynamic import names the file that the build makes; here it is the source.
  moduleNameMapper: { '^(\\.\\./\\.\\./platform/[a-z-]+)\\.js$': '$1' },
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
};

module.exports = {
  reporters: ['default', '<rootDir>/test/support/summary-reporter.js'],
  testTimeout: 20_000,
  // Half of the tests wait for servers that they have started: every core can take one more.
  maxWorkers: '100%',
  projects: [
    {
      ...base,
      displayName: 'unit',
      testMatch: ['<rootDir>/test/{workflows,activities,definitions,platform,workers,client}/**/*.test.ts'],
    },
    { ...base, displayName: 'architecture', testMatch: ['<rootDir>/test/architecture/**/*.test.ts'] },
    {
      ...base,
      displayName: 'integration',
      testMatch: ['<rootDir>/test/{integration,replay}/**/*.test.ts'],
      globalSetup: '<rootDir>/test/support/global-setup.ts',
      globalTeardown: '<rootDir>/test/support/global-teardown.ts',
    },
    {
      // Writes test/replay/histories anew; run by name only: npm run record-histories.
      ...base,
      displayName: 'record',
      testMatch: ['<rootDir>/test/replay/record.ts'],
      globalSetup: '<rootDir>/test/support/global-recording-setup.ts',
      globalTeardown: '<rootDir>/test/support/global-teardown.ts',
    },
  ],
};
