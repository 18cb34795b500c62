/** Why a sign-in, or the look after one, did not come about. */
export interface ProviderProblem {
  /** `refused`: the provider or we say no. `unavailable`: nobody can tell; try again. */
  readonly kind: 'refused' | 'unavailable';
  /** For people: never a token, nor what the provider wrote. */
  readonly reason: string;
}

/** The funnel of everything that an OpenID provider, or the way to it, can do wrong. Null: it was neither of them. */
export function providerProblem(error: unknown): ProviderProblem | null {
  const { name, code, status, told, message } = shapeOf(error);
  switch (name) {
    case 'AuthorizationResponseError':
      return { kind: 'refused', reason: `the provider says ${told}` };
    case 'ResponseBodyError':
      if (status >= 500 || told === 'temporarily_unavailable') return away(`it answers ${status}`);
      return { kind: 'refused', reason: `the provider refuses it (${told})` };
    case 'WWWAuthenticateChallengeError':
      return {
        kind: 'refused',
        reason: `the provider does not take what we show it, client id and secret or its own token (${status})`,
      };
    case 'ClaimsRefused':
      return { kind: 'refused', reason: message };
  }
  if (code === 'OAUTH_TIMEOUT') return away('no answer in time');
  if (code === 'OAUTH_RESPONSE_IS_NOT_CONFORM') return away('it answers with an unexpected status');
  if (code.startsWith('OAUTH_')) return { kind: 'refused', reason: `${message} (${code})` };
  if (isUnconnected(error)) return away('no connection');
  return null;
}

/** What fetch throws, or wraps: `TypeError: fetch failed`. */
function isUnconnected(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  if ('message' in error && error.message === 'fetch failed') return true;
  return 'cause' in error && error.cause !== error && isUnconnected(error.cause);
}

function away(how: string): ProviderProblem {
  return { kind: 'unavailable', reason: `the sign-in service cannot be reached: ${how}` };
}

/** By shape: errors of other realms are of other classes. What the provider calls its error is a word of the standard. */
function shapeOf(error: unknown) {
  const object = typeof error === 'object' && error !== null ? error : {};
  const told = 'error' in object && typeof object.error === 'string' ? object.error : '';
  return {
    name: 'name' in object && typeof object.name === 'string' ? object.name : '',
    code: 'code' in object && typeof object.code === 'string' ? object.code : '',
    status: 'status' in object && typeof object.status === 'number' ? object.status : 0,
    told: /^[a-z_]{1,60}$/.test(told) ? told : 'no',
    message: 'message' in object && typeof object.message === 'string' ? object.message : 'unknown error',
  };
}
