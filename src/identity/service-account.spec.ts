import { readFileSync } from 'node:fs';
import type { JsonObject } from '../policy/json.js';
import { serviceAccountOf } from './service-account.js';

interface Case {
  readonly name: string;
  readonly claims: JsonObject;
  readonly clientId: string | null;
}

const cases = JSON.parse(
  readFileSync('test/vectors/service-accounts/cases.json', 'utf8'),
) as readonly Case[];

describe('serviceAccountOf', () => {
  it.each(cases)('$name', ({ claims, clientId }) => {
    expect(serviceAccountOf(claims)?.clientId ?? null).toBe(clientId);
  });

  it.each(['sid', 'auth_time', 'acr', 'amr', 'nonce', 'uid', 'username', 'preferred_username'])(
    'takes a token with %s for that of a person',
    (mark) => {
      const account = { sub: 'backend', client_id: 'backend' };

      expect(serviceAccountOf(account)).toEqual({ clientId: 'backend' });
      expect(serviceAccountOf({ ...account, [mark]: 'x' })).toBeUndefined();
    },
  );

  it.each(['sid', 'session_state', 'auth_time', 'nonce'])(
    'takes a token of Keycloak with %s for that of a person',
    (mark) => {
      const account = {
        azp: 'backend',
        client_id: 'backend',
        preferred_username: 'service-account-backend',
      };

      expect(serviceAccountOf(account)).toEqual({ clientId: 'backend' });
      expect(serviceAccountOf({ ...account, [mark]: 'x' })).toBeUndefined();
    },
  );
});
