import { isSecretReference } from '../../workflows/domain/secret-reference';
import { planText } from './fields';
import { below, report } from './site';
import type { Site } from './site';
import { dependsOnInputs } from './variables';

/** A reference is a literal, a variable without inputs in it, or a whole input of type secret. */
export function compileSecrets(site: Site, secrets: { readonly [name: string]: string }): void {
  const { unit } = site;
  for (const [name, raw] of Object.entries(secrets)) {
    const at = below(site, name);
    const input = /^\$\{\{\s*inputs\.([A-Za-z][A-Za-z0-9]*)\s*\}\}$/.exec(raw)?.[1];
    const fromInput = input === undefined ? undefined : unit.secretInputs.get(input);
    const reference = fromInput ?? secretText(at, raw);
    if (reference === undefined) continue;
    if (fromInput === undefined && !isSecretReference(reference))
      report(at, {
        code: 'INVALID_SECRET_REFERENCE',
        message: 'Cannot use the secret: expected a reference such as vault:ops/api#token, env:NAME or file:/path',
        accepted: ['vault:<path>#<field>', 'env:<NAME>', 'file:<path>'],
      });
    unit.secrets.set(name, reference);
  }
}

function secretText(site: Site, raw: string): string | undefined {
  if (dependsOnInputs(raw, site.unit.spec.vars ?? {})) {
    report(site, {
      code: 'INVALID_SECRET_REFERENCE',
      message:
        'Cannot build a secret reference from an input: whoever starts the run would choose the secret; use a whole input of type secret',
    });
    return undefined;
  }
  const text = planText(site, raw);
  return text?.text ?? (site.unit.evaluates ? undefined : 'env:UNKNOWN');
}
