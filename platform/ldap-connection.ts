import { isIP } from 'node:net';

import { Client } from 'ldapts';

import type { LdapSettings } from './identity-settings';

const connectTimeoutMs = 5000;
const timeoutMs = 10_000;

/** Works with a connection of its own: a directory closes what is idle. Nothing is sent before it is encrypted, where that is asked for. */
export async function withDirectory<T>(settings: LdapSettings, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({
    url: settings.url,
    connectTimeout: connectTimeoutMs,
    timeout: timeoutMs,
    ...(settings.url.startsWith('ldaps:') ? { tlsOptions: tlsOptions(settings) } : {}),
  });
  try {
    if (settings.startTls) await client.startTLS(tlsOptions(settings));
    if (settings.bind !== null) await client.bind(settings.bind.dn, settings.bind.password.reveal());
    return await work(client);
  } finally {
    // A client that was not told to let go keeps the process alive.
    await client.unbind().catch(() => undefined);
  }
}

function tlsOptions({ url, certificateAuthority }: LdapSettings) {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
  return {
    host,
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...(certificateAuthority === null ? {} : { ca: certificateAuthority }),
  };
}
