import type { LoadedDocument } from '../../definitions/document';
import type { SecretResolver } from '../../definitions/inventory/source';
import { resolveReference } from '../../definitions/library';
import { readConfig, readEnvironmentSecret } from '../../platform/config';
import { createSecrets } from '../../platform/secrets';
import type { SecretSources } from '../../platform/secrets';

/** Of whoever sits at the command line: no grant hides what these people can read themselves. */
export function ownSecrets(): SecretResolver {
  return resolverWith(() => Promise.resolve(['env:', 'file:', 'vault:']));
}

/** Of the engine: what the team that owns a document was granted, as its published definition says. */
export function grantedSecrets(published: readonly LoadedDocument[]): SecretResolver {
  return resolverWith((owner) => {
    const team = resolveReference('Team', owner.replace(/^team\//, ''), [published]);
    return Promise.resolve(team.ok ? (team.document.spec.secrets ?? []) : []);
  });
}

function resolverWith(grants: SecretSources['grants']): SecretResolver {
  return async (reference, owner) => {
    const { vault } = readConfig();
    const environment: SecretSources['environment'] = (name) => readEnvironmentSecret(name);
    const secret = await createSecrets({ vault, environment, grants }).resolve(reference, owner);
    return secret.reveal();
  };
}
