import * as openid from 'openid-client';
import type { Configuration } from 'openid-client';

import { isOnThisMachine } from './identity-settings';
import type { OidcSettings } from './identity-settings';

/** What the provider says of itself now: nothing of it is kept. */
export function discoverProvider(
  { issuer, clientId, clientSecret }: OidcSettings,
  timeoutSeconds: number,
): Promise<Configuration> {
  const server = new URL(issuer);
  return openid.discovery(server, clientId, {}, clientAuthentication(clientSecret?.reveal() ?? null), {
    timeout: timeoutSeconds,
    execute: [
      openid.enableNonRepudiationChecks,
      ...(isOnThisMachine(server.hostname) ? [openid.allowInsecureRequests] : []),
    ],
  });
}

/** In the header, as is usual, unless the provider takes the secret only in the body. */
function clientAuthentication(secret: string | null): openid.ClientAuth {
  if (secret === null) return openid.None();
  const [inHeader, inBody] = [openid.ClientSecretBasic(secret), openid.ClientSecretPost(secret)];
  return (...request) => {
    const [server] = request;
    const accepted = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
    const authenticate = accepted.includes('client_secret_basic') ? inHeader : inBody;
    return authenticate(...request);
  };
}
