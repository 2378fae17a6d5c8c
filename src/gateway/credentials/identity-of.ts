import type { GatewaySettings } from '../gateway-settings.js';
import { UntoldIdentity, type CallerIdentity } from '../upstream/caller-identity.js';
import type { GatewaySecrets } from './gateway-secrets.js';
import { HeaderIdentity, SignedIdentity } from './told-identity.js';

/** What the upstream is told about callers, as the settings say. */
export function identityOf(
  { access, baseUrl, upstreamUrl }: Pick<GatewaySettings, 'access' | 'baseUrl' | 'upstreamUrl'>,
  secrets: GatewaySecrets,
): CallerIdentity {
  switch (access.identity) {
    case 'none':
      return new UntoldIdentity();
    case 'headers':
      return new HeaderIdentity();
    case 'jwt':
      return new SignedIdentity(baseUrl, upstreamUrl, () => secrets.current('identityKey'));
  }
}
