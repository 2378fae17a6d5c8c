import { found, type CheckStep } from '../../introspection/check/check-step.js';
import type { RegisteredClient } from '../../resources/client/client-registry.js';
import type { ClientRefused } from '../client-refused.js';
import type { ServiceAccount } from '../service-account.js';

/** The token is one of a service account: it stands for a Client, or for nobody. */
export function serviceAccount(
  { clientId }: ServiceAccount,
  client: RegisteredClient | undefined,
): CheckStep {
  const name = `Client/${clientId}`;
  if (client) return found('user', 'client-found', `The service account stands for ${name}`);
  const message = `It is the token of a service account, and ${name} is none that it stands for: policies see the claims only`;
  const fix = `Write ${name} with the iss of the token in allowedIssuers`;
  return found('user', 'no-client', message, fix);
}

/** The token would be refused for the Client that it stands for. */
export function refusedClient({ rule, clientId }: ClientRefused): CheckStep {
  const name = `Client/${clientId}`;
  switch (rule) {
    case 'inactive-client':
      return found(
        'user',
        'client-inactive',
        `${name} is inactive: requests get 401`,
        'Set active: true',
      );
    case 'first-start-client': {
      const message = `${name} was made at the first start and is reached by its secret only: requests get 401`;
      return found(
        'user',
        'client-protected',
        message,
        'Make a Client of its own for the service account',
      );
    }
  }
}
