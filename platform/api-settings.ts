import { BlockList, isIP } from 'node:net';

import { z } from 'zod';

/** Where the API listens, and for whom. */
export interface ApiSettings {
  /** Null: the usual one, or another if that is taken. */
  readonly port: number | null;
  /** Besides loopback, where the API always listens. */
  readonly host: string;
  /** Null: no encryption of ours. */
  readonly tls: ApiTlsSettings | null;
  /** Addresses and networks whose `X-Forwarded-*` headers are believed. */
  readonly trustedProxies: readonly string[];
}

export interface ApiTlsSettings {
  readonly certificateFile: string;
  readonly keyFile: string;
  readonly port: number;
}

const Port = z
  .string()
  .regex(/^[0-9]{1,5}$/, 'Expected a port number')
  .transform(Number)
  .refine((port) => port <= 65_535, 'Expected a port number up to 65535');

const Networks = z
  .string()
  .transform((text) => text.split(/[\s,]+/).filter((network) => network !== ''))
  .refine((networks) => networks.every(isNetwork), 'Expected addresses or networks, as 10.0.0.7, 10.1.0.0/16');

export const apiVariables = {
  MAINSTAY_API_HOST: z
    .string()
    .refine((host) => isIP(host) !== 0, 'Expected an address, as 0.0.0.0 or ::')
    .default('127.0.0.1'),
  MAINSTAY_API_PORT: Port.optional(),
  MAINSTAY_TLS_CERTIFICATE_FILE: z.string().optional(),
  MAINSTAY_TLS_KEY_FILE: z.string().optional(),
  MAINSTAY_TLS_PORT: Port.default(7443),
  MAINSTAY_TRUSTED_PROXIES: Networks.default([]),
} as const;

const ApiVariables = z.object(apiVariables);
type ApiVariables = z.infer<typeof ApiVariables>;

export function apiSettings(variables: ApiVariables): ApiSettings {
  const { MAINSTAY_TLS_CERTIFICATE_FILE: certificateFile, MAINSTAY_TLS_KEY_FILE: keyFile } = variables;
  const hasTls = certificateFile !== undefined && keyFile !== undefined;
  return {
    port: variables.MAINSTAY_API_PORT ?? null,
    host: variables.MAINSTAY_API_HOST,
    tls: hasTls ? { certificateFile, keyFile, port: variables.MAINSTAY_TLS_PORT } : null,
    trustedProxies: variables.MAINSTAY_TRUSTED_PROXIES,
  };
}

/** Nobody but this machine reaches an API in the clear, or one that cannot tell people apart. */
export function apiContradictions(
  variables: ApiVariables & { readonly MAINSTAY_OIDC_ISSUER?: string | undefined },
): readonly string[] {
  const { MAINSTAY_TLS_CERTIFICATE_FILE: certificate, MAINSTAY_TLS_KEY_FILE: key } = variables;
  const problems: string[] = [];
  if (certificate !== undefined && key === undefined)
    problems.push('MAINSTAY_TLS_KEY_FILE: Expected with MAINSTAY_TLS_CERTIFICATE_FILE');
  if (key !== undefined && certificate === undefined)
    problems.push('MAINSTAY_TLS_CERTIFICATE_FILE: Expected with MAINSTAY_TLS_KEY_FILE');
  const host = variables.MAINSTAY_API_HOST;
  if (isLoopback(host)) return problems;
  if (certificate === undefined && variables.MAINSTAY_TRUSTED_PROXIES.length === 0)
    problems.push(
      `MAINSTAY_API_HOST: Expected a loopback address, for "${host}" is reached from elsewhere: set MAINSTAY_TLS_CERTIFICATE_FILE and MAINSTAY_TLS_KEY_FILE, or MAINSTAY_TRUSTED_PROXIES`,
    );
  if (variables.MAINSTAY_OIDC_ISSUER === undefined)
    problems.push(`MAINSTAY_OIDC_ISSUER: Expected with MAINSTAY_API_HOST "${host}", so that people can be told apart`);
  return problems;
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Of an address as sockets tell it: IPv4 may come in the clothes of IPv6. */
export function isLoopback(address: string): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return loopback.check(mapped, 'ipv4');
  const family = isIP(address);
  return family !== 0 && loopback.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

function isNetwork(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return prefix === undefined || (/^[0-9]{1,3}$/.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128));
}
