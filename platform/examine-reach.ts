import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';

import type { ApiSettings, ApiTlsSettings } from './api-settings';
import type { Config } from './config';
import { fail, ok, warn } from './finding';
import type { Finding } from './finding';
import { isOnThisMachine } from './identity-settings';
import { messageOf } from './system-error';

const dayMs = 24 * 3_600_000;
/** Whoever renews by hand needs so long. */
const renewDays = 30;

/** How others reach the API, and whether anybody could listen in. */
export async function examineReach({ api, channels }: Pick<Config, 'api' | 'channels'>): Promise<readonly Finding[]> {
  const { publicUrl } = channels;
  return [
    examinePublicUrl(publicUrl),
    await examineCertificate(api.tls, { publicUrl, nowMs: Date.now() }),
    examineProxies(api, publicUrl),
  ];
}

function examinePublicUrl(publicUrl: string | null): Finding {
  const name = 'public address';
  if (publicUrl === null) return ok(name, 'none: the API is for this machine');
  const { protocol, hostname } = new URL(publicUrl);
  if (protocol === 'https:' || isOnThisMachine(hostname)) return ok(name, publicUrl);
  const advice = 'Set MAINSTAY_PUBLIC_URL to an https address: cookies and votes cross the network readable.';
  return warn(name, `${publicUrl} is in the clear`, advice);
}

export async function examineCertificate(
  tls: ApiTlsSettings | null,
  { publicUrl, nowMs }: { readonly publicUrl: string | null; readonly nowMs: number },
): Promise<Finding> {
  const name = 'certificate';
  if (tls === null) return ok(name, 'none of our own');
  const { certificateFile } = tls;
  const renew = 'Renew it: new files are taken within ten seconds.';
  try {
    const certificate = new X509Certificate(await readFile(certificateFile));
    if (!certificate.checkPrivateKey(createPrivateKey(await readFile(tls.keyFile))))
      return fail(name, `${certificateFile} does not fit the key ${tls.keyFile}`, 'Give the two that belong together.');
    const [fromMs, untilMs] = [Date.parse(certificate.validFrom), Date.parse(certificate.validTo)];
    const until = new Date(untilMs).toISOString().slice(0, 10);
    if (nowMs < fromMs) return fail(name, `${certificateFile} is not good yet`, 'Compare the clock of this machine.');
    if (nowMs >= untilMs) return fail(name, `${certificateFile} was good until ${until}`, renew);
    const host = publicUrl === null ? null : new URL(publicUrl).hostname;
    if (host !== null && !isFor(certificate, host))
      return warn(name, `${certificateFile} is not for "${host}"`, 'Get one for the name in MAINSTAY_PUBLIC_URL.');
    const found = `${certificateFile} is good until ${until}`;
    return untilMs - nowMs < renewDays * dayMs ? warn(name, found, renew) : ok(name, found);
  } catch (error) {
    return fail(name, messageOf(error), 'Check MAINSTAY_TLS_CERTIFICATE_FILE and MAINSTAY_TLS_KEY_FILE.');
  }
}

function isFor(certificate: X509Certificate, host: string): boolean {
  const address = host.replace(/^\[|\]$/g, '');
  return (isIP(address) === 0 ? certificate.checkHost(address) : certificate.checkIP(address)) !== undefined;
}

function examineProxies({ trustedProxies, tls }: ApiSettings, publicUrl: string | null): Finding {
  const name = 'proxies';
  const everybody = trustedProxies.filter((network) => /\/0+$/.test(network));
  if (everybody.length > 0) {
    const advice = 'Name the proxies alone in MAINSTAY_TRUSTED_PROXIES: else anybody says where they come from.';
    return warn(name, `everybody is believed: ${everybody.join(', ')}`, advice);
  }
  if (trustedProxies.length > 0 && publicUrl === null) {
    const advice = 'Set MAINSTAY_PUBLIC_URL to the address that people use.';
    return warn(name, `${trustedProxies.join(', ')} say under which name we are reached`, advice);
  }
  if (trustedProxies.length === 0 && tls === null && publicUrl?.startsWith('https:') === true) {
    const advice = 'Name the proxy in MAINSTAY_TRUSTED_PROXIES: else all requests count as those of the proxy.';
    return warn(name, 'none is trusted, and https is not ours to answer', advice);
  }
  return ok(name, trustedProxies.length === 0 ? 'none' : trustedProxies.join(', '));
}
