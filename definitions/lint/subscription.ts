import { isSecretReference } from '../../workflows/domain/secret-reference';
import type { LoadedSubscription } from '../document';
import type { Problem } from '../problems';
import { atKey, atValue } from './note';

export function lintSubscription(document: LoadedSubscription): Problem[] {
  const problems: Problem[] = [];
  if (!isSecretReference(document.spec.secret)) {
    const message = 'Cannot use the secret of the subscription: it is no reference to one';
    problems.push(atValue(document, ['spec', 'secret'], { code: 'INVALID_SECRET_REFERENCE', message }));
  }
  if (document.metadata.owner === undefined) {
    const message = 'Cannot use secrets: the subscription has no owner';
    const accepted = ['metadata.owner'];
    problems.push(atKey(document, ['spec', 'secret'], { code: 'MISSING_OWNER', message, accepted }));
  }
  return problems;
}
