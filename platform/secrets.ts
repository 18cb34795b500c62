import { readFile, stat } from 'node:fs/promises';

import { z } from 'zod';

import { Secret } from './secret';
import { messageOf } from './system-error';

/** Why a reference could not be resolved. Messages name the reference, never what it stands for. */
export const secretFailures = {
  SECRET_REFERENCE_INVALID: { retry: false, hint: 'Write env:NAME, file:/absolute/path or vault:mount/path#field.' },
  SECRET_NOT_GRANTED: {
    retry: false,
    hint: 'Add the prefix of the reference to `secrets` of the team that owns the runbook, and publish the team.',
  },
  SECRET_MISSING: { retry: false, hint: 'Put the secret where the reference points to, on every worker.' },
  SECRET_PROVIDER_UNREACHABLE: { retry: true, hint: 'Check VAULT_ADDR, VAULT_TOKEN and that Vault answers.' },
} as const satisfies Record<string, { retry: boolean; hint: string }>;

export type SecretFailureCode = keyof typeof secretFailures;

export class SecretError extends Error {
  override readonly name = 'SecretError';
  constructor(
    readonly code: SecretFailureCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export interface SecretSources {
  readonly vault: { readonly address: string | null; readonly token: Secret | null; readonly namespace: string | null };
  readonly environment: (name: string) => Secret | null;
  /** Prefixes of references that a team may use. */
  readonly grants: (owner: string) => Promise<readonly string[]>;
}

export interface Secrets {
  /** Refused unless the owner team holds a grant on a prefix of the reference. */
  resolve(reference: string, owner: string): Promise<Secret>;
}

const largestFileBytes = 64 * 1024;
const vaultTimeoutMs = 10_000;

export function createSecrets(sources: SecretSources): Secrets {
  return {
    async resolve(reference, owner) {
      const parsed = parseReference(reference);
      const grants = await sources.grants(owner);
      if (!grants.some((prefix) => covers(prefix, reference))) {
        const message = `Cannot use the secret "${reference}": "${owner}" holds no grant on it`;
        throw new SecretError('SECRET_NOT_GRANTED', message);
      }
      switch (parsed.provider) {
        case 'env':
          return sources.environment(parsed.name) ?? missing(reference, 'the variable is not set');
        case 'file':
          return readSecretFile(reference, parsed.path);
        case 'vault':
          return readVault(reference, parsed, sources.vault);
      }
    },
  };
}

/** A grant ends at a border of the reference, so that `vault:ops` does not cover `vault:opsec/x`. */
export function covers(prefix: string, reference: string): boolean {
  if (prefix === '' || !reference.startsWith(prefix)) return false;
  if (prefix.length === reference.length || /[/:#_.-]$/.test(prefix)) return true;
  return /[/:#]/.test(reference.charAt(prefix.length));
}

type ParsedReference =
  | { readonly provider: 'env'; readonly name: string }
  | { readonly provider: 'file'; readonly path: string }
  | VaultReference;

interface VaultReference {
  readonly provider: 'vault';
  readonly mount: string;
  readonly path: string;
  readonly field: string;
}

function parseReference(reference: string): ParsedReference {
  const name = /^env:([A-Za-z_][A-Za-z0-9_]*)$/.exec(reference)?.[1];
  if (name !== undefined) return { provider: 'env', name };
  const path = /^file:(\/[^\0]+)$/.exec(reference)?.[1];
  // A grant on a folder must not reach outside of it.
  if (path !== undefined && !hasDots(path)) return { provider: 'file', path };
  const vault = /^vault:([^/#\s]+)\/([^#\s]+?)(?:#([^#\s]+))?$/.exec(reference);
  const [, mount, inner, field] = vault ?? [];
  if (mount !== undefined && inner !== undefined && !hasDots(`${mount}/${inner}`)) {
    return { provider: 'vault', mount, path: inner, field: field ?? 'value' };
  }
  throw new SecretError('SECRET_REFERENCE_INVALID', `Cannot read the secret reference "${reference}": no known form`);
}

function hasDots(path: string): boolean {
  return path.split('/').some((part) => part === '.' || part === '..');
}

function missing(reference: string, found: string): never {
  throw new SecretError('SECRET_MISSING', `Cannot find the secret "${reference}": ${found}`);
}

async function readSecretFile(reference: string, path: string): Promise<Secret> {
  try {
    const found = await stat(path);
    if (!found.isFile()) return missing(reference, 'it is no regular file');
    if (found.size > largestFileBytes) return missing(reference, `the file is larger than ${largestFileBytes} bytes`);
    return new Secret((await readFile(path, 'utf8')).replace(/\r?\n$/, ''));
  } catch (error) {
    if (error instanceof SecretError) throw error;
    return missing(reference, messageOf(error));
  }
}

const VaultAnswer = z.object({ data: z.object({ data: z.record(z.string(), z.unknown()) }) });

/** Key-value engine, version 2. */
async function readVault(
  reference: string,
  { mount, path, field }: VaultReference,
  vault: SecretSources['vault'],
): Promise<Secret> {
  if (vault.address === null || vault.token === null) {
    const message = `Cannot read the secret "${reference}": this worker knows no Vault`;
    throw new SecretError('SECRET_PROVIDER_UNREACHABLE', message);
  }
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  const url = `${vault.address.replace(/\/+$/, '')}/v1/${encodeURIComponent(mount)}/data/${encoded}`;
  const headers = {
    'X-Vault-Token': vault.token.reveal(),
    ...(vault.namespace === null ? {} : { 'X-Vault-Namespace': vault.namespace }),
  };
  // Every command loads this file, and few read a secret.
  const { default: axios } = await import('axios');
  const response = await axios
    .get(url, { headers, timeout: vaultTimeoutMs, maxRedirects: 0, proxy: false, validateStatus: () => true })
    .catch((error: unknown) => {
      // The library's error carries the request with its token: only the message goes on.
      const message = `Cannot read the secret "${reference}": ${messageOf(error)}`;
      throw new SecretError('SECRET_PROVIDER_UNREACHABLE', message);
    });
  if (response.status === 404) return missing(reference, 'Vault has nothing there');
  if (response.status !== 200) {
    const message = `Cannot read the secret "${reference}": Vault answers with status ${response.status}`;
    throw new SecretError('SECRET_PROVIDER_UNREACHABLE', message);
  }
  const value = VaultAnswer.safeParse(response.data).data?.data.data[field];
  return typeof value === 'string' ? new Secret(value) : missing(reference, `it has no text field "${field}"`);
}
