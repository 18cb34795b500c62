import { isLoopback } from '../../platform/api-settings';
import { readConfig } from '../../platform/config';
import type { Environment } from '../../platform/config';

const oidc = {
  MAINSTAY_OIDC_ISSUER: 'https://id.example.org',
  MAINSTAY_OIDC_CLIENT_ID: 'mainstay',
  MAINSTAY_PUBLIC_URL: 'https://mainstay.example.org',
};
const tls = { MAINSTAY_TLS_CERTIFICATE_FILE: '/tls/crt', MAINSTAY_TLS_KEY_FILE: '/tls/key' };
const proxied = { MAINSTAY_TRUSTED_PROXIES: '10.0.0.7, 10.1.0.0/16 fd00::/8' };

test('without settings the API is for this machine alone', () => {
  expect(readConfig({}).api).toEqual({ port: null, host: '127.0.0.1', tls: null, trustedProxies: [] });
});

test('TLS, proxies, host and ports are read', () => {
  const environment = { ...oidc, ...tls, ...proxied, MAINSTAY_API_HOST: '0.0.0.0', MAINSTAY_API_PORT: '8080' };

  expect(readConfig({ ...environment, MAINSTAY_TLS_PORT: '443' }).api).toEqual({
    port: 8080,
    host: '0.0.0.0',
    tls: { certificateFile: '/tls/crt', keyFile: '/tls/key', port: 443 },
    trustedProxies: ['10.0.0.7', '10.1.0.0/16', 'fd00::/8'],
  });
});

test.each<[string, Environment]>([
  ['by TLS', { ...oidc, ...tls }],
  ['behind a proxy', { ...oidc, ...proxied }],
])('others may reach it %s, once people can be told apart', (_how, environment) => {
  expect(readConfig({ ...environment, MAINSTAY_API_HOST: '::' }).api.host).toBe('::');
});

test.each<[string, Environment, string]>([
  ['for everybody in the clear', { ...oidc, MAINSTAY_API_HOST: '0.0.0.0' }, 'MAINSTAY_API_HOST'],
  ['for everybody without a sign-in', { ...tls, MAINSTAY_API_HOST: '0.0.0.0' }, 'MAINSTAY_OIDC_ISSUER'],
  ['for a neighbour in the clear', { ...oidc, MAINSTAY_API_HOST: '10.0.0.5' }, 'MAINSTAY_API_HOST'],
  ['at a name', { MAINSTAY_API_HOST: 'example.org' }, 'MAINSTAY_API_HOST'],
  ['with a certificate and no key', { MAINSTAY_TLS_CERTIFICATE_FILE: '/x' }, 'MAINSTAY_TLS_KEY_FILE'],
  ['with a key and no certificate', { MAINSTAY_TLS_KEY_FILE: '/x' }, 'MAINSTAY_TLS_CERTIFICATE_FILE'],
  ['behind a proxy that is a name', { MAINSTAY_TRUSTED_PROXIES: 'proxy' }, 'MAINSTAY_TRUSTED_PROXIES'],
  ['behind a network that is none', { MAINSTAY_TRUSTED_PROXIES: '10.0.0.0/33' }, 'MAINSTAY_TRUSTED_PROXIES'],
  ['at a port that is none', { MAINSTAY_TLS_PORT: '70000' }, 'MAINSTAY_TLS_PORT'],
])('an API %s is refused by the name of a setting', (_what, environment, name) => {
  expect(() => readConfig(environment)).toThrow(name);
});

test.each([
  ['127.0.0.1', true],
  ['127.8.9.10', true],
  ['::1', true],
  ['::ffff:127.0.0.1', true],
  ['128.0.0.1', false],
  ['::ffff:10.0.0.1', false],
  ['0.0.0.0', false],
  ['localhost', false],
  ['', false],
])('of %s it is %s that it is loopback', (address, expected) => {
  expect(isLoopback(address)).toBe(expected);
});
