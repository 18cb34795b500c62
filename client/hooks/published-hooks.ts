import type { LoadedHook } from '../../definitions/document';
import { authOfHook } from '../../definitions/kinds/hook';
import { loadText } from '../../definitions/load';
import type { Secret } from '../../platform/secret';
import type { Secrets } from '../../platform/secrets';
import type { Store } from '../../platform/store/store';
import { messageOf } from '../../platform/system-error';
import { RequestError } from '../api/errors';

export async function requireHook({ definitions }: Pick<Store, 'definitions'>, name: string): Promise<LoadedHook> {
  const published = await definitions.get('Hook', name);
  const [hook] = published === null ? [] : loadText(name, published.text).documents;
  if (hook?.kind === 'Hook') return hook;
  throw new RequestError('HOOK_NOT_FOUND', `Cannot find hook "${name}": not published`);
}

/** The newest version of each. */
export async function publishedHooks({ definitions }: Pick<Store, 'definitions'>): Promise<readonly LoadedHook[]> {
  const newest = new Map((await definitions.list({ kind: 'Hook' })).map(({ name, text }) => [name, text]));
  return [...newest]
    .flatMap(([name, text]) => loadText(name, text).documents)
    .filter((document) => document.kind === 'Hook');
}

/** None of them is empty: an empty key is one that everybody knows. */
export async function hookSecrets(secrets: Secrets, { metadata, spec }: LoadedHook): Promise<readonly Secret[]> {
  const owner = metadata.owner ?? '';
  try {
    const found = await Promise.all(authOfHook(spec).secrets.map((reference) => secrets.resolve(reference, owner)));
    if (found.every((secret) => secret.reveal() !== '')) return found;
  } catch (cause) {
    throw unavailable(metadata.name, messageOf(cause), cause);
  }
  throw unavailable(metadata.name, 'it is empty');
}

function unavailable(name: string, found: string, cause?: unknown): RequestError {
  return new RequestError('HOOK_SECRET_UNAVAILABLE', `Cannot check calls of hook "${name}": ${found}`, { cause });
}

/** Prefixes of references that a team may use, as published now. */
export async function teamSecrets(
  { definitions }: Pick<Store, 'definitions'>,
  owner: string,
): Promise<readonly string[]> {
  const published = await definitions.get('Team', owner.replace(/^team\//, ''));
  const [team] = published === null ? [] : loadText(owner, published.text).documents;
  return team?.kind === 'Team' ? (team.spec.secrets ?? []) : [];
}
