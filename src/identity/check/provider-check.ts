import { Injectable } from '@nestjs/common';
import { found, shown, type CheckStep } from '../../introspection/check/check-step.js';
import { EndpointRules } from '../../resources/endpoint-rules.js';
import { IdentityProviderRegistry } from '../../resources/identity-provider/identity-provider-registry.js';
import type { IdentityProvider } from '../../resources/identity-provider/identity-provider.js';
import type { IntrospectorIdentity } from '../../resources/token-introspector/token-introspector.js';

/** Whether the IdentityProvider of an introspector is there and of use. */
@Injectable()
export class ProviderCheck {
  constructor(
    private readonly providers: IdentityProviderRegistry,
    private readonly endpoints: EndpointRules,
  ) {}

  steps({ identityProviderId: id }: IntrospectorIdentity): readonly CheckStep[] {
    const provider = id === undefined ? undefined : this.providers.get(id);
    return providerSteps(id, provider, (url) => this.endpoints.refusedUrl(url));
  }
}

function providerSteps(
  id: string | undefined,
  provider: IdentityProvider | undefined,
  refusedUrl: (url: string) => string | undefined,
): readonly CheckStep[] {
  if (id === undefined) {
    const message =
      'identity_provider is not set: Users are found by their id only, and none is created';
    return [found('provider', 'no-provider', message)];
  }
  const name = `IdentityProvider/${id}`;
  if (provider === undefined) {
    const message = `${name} does not exist: no User is found by identifier, and none is created`;
    return [
      found('provider', 'provider-missing', message, `Write ${name}, or correct identity_provider`),
    ];
  }
  return [usefulness(name, provider), ...userinfo(name, provider, refusedUrl)];
}

function usefulness(name: string, { active, system }: IdentityProvider): CheckStep {
  if (!active) {
    const message = `${name} is inactive: it creates no Users`;
    return found('provider', 'provider-inactive', message, 'Set active: true');
  }
  if (!system) {
    const message = `${name} has no system: no User is found by identifier, and none is created`;
    return found('provider', 'provider-without-system', message, 'Set system, such as the issuer');
  }
  return found(
    'provider',
    'provider-found',
    `${name} names its Users in the system ${shown(system)}`,
  );
}

function userinfo(
  name: string,
  { userinfoEndpoint: url }: IdentityProvider,
  refusedUrl: (url: string) => string | undefined,
): readonly CheckStep[] {
  const refusal = url === undefined ? undefined : refusedUrl(url);
  if (refusal === undefined) return [];
  const message = `userinfo_endpoint of ${name} is not called, claims are used instead: ${refusal}`;
  const fix = 'Use https and a public address, or name the host in BOX_SECURITY_IDP_ALLOWED_HOSTS';
  return [found('provider', 'userinfo-refused', message, fix)];
}
