import type { JsonObject } from '../policy/json.js';
import { at, has, stringAt } from '../resources/token-introspector/json-members.js';

/** A service account, by the name under which its provider knows the client. */
export interface ServiceAccount {
  readonly clientId: string;
}

/** Claims that come of a person's login, or describe a person. */
const MARKS_OF_A_PERSON = [
  ...['sid', 'auth_time', 'acr', 'amr', 'nonce', 'uid'],
  ...['username', 'preferred_username', 'upn', 'email', 'name', 'given_name', 'family_name'],
];

/**
 * The service account that a token was issued to, by the conventions of its provider; `undefined` for
 * the token of a person, and in doubt.
 *
 * `azp` and `client_id` alone prove nothing: a person's token names the client that it was issued to,
 * too. So each convention needs a claim that its provider gives to no person:
 *
 * - RFC 9068 §2.2, RFC 7662, Cognito, Okta: `client_id` (`cid`) is `sub` and no claim speaks of a person or
 *   a login, because a person may be free to choose a `sub` (RFC 9068 §5);
 * - Keycloak: `client_id` is `azp`, the user name is `service-account-` and it, and there is no session;
 * - Auth0: `gty: client-credentials` and `sub` is `<azp>@clients`;
 * - Entra ID: `idtyp: app` and no delegated scope.
 */
export function serviceAccountOf(claims: JsonObject): ServiceAccount | undefined {
  const clientId =
    byClientAsSubject(claims) ?? byKeycloak(claims) ?? byAuth0(claims) ?? byEntra(claims);
  return clientId ? { clientId } : undefined;
}

function byClientAsSubject(claims: JsonObject): string | undefined {
  const clientId = stringAt(claims, 'client_id') ?? stringAt(claims, 'cid');
  if (clientId === undefined || at(claims, 'sub') !== clientId) return undefined;
  if (MARKS_OF_A_PERSON.some((mark) => has(claims, mark)) || hasOpenIdScope(claims))
    return undefined;
  return clientId;
}

function byKeycloak(claims: JsonObject): string | undefined {
  const clientId = stringAt(claims, 'client_id');
  if (clientId === undefined || at(claims, 'azp') !== clientId) return undefined;
  // A person may have come by such a user name, but not without a session of theirs.
  const isItsAccount =
    at(claims, 'preferred_username') === `service-account-${clientId.toLowerCase()}`;
  const hasSession = ['sid', 'session_state', 'auth_time', 'nonce'].some((mark) =>
    has(claims, mark),
  );
  return isItsAccount && !hasSession ? clientId : undefined;
}

function byAuth0(claims: JsonObject): string | undefined {
  const clientId = stringAt(claims, 'azp');
  if (clientId === undefined || at(claims, 'gty') !== 'client-credentials') return undefined;
  return at(claims, 'sub') === `${clientId}@clients` ? clientId : undefined;
}

function byEntra(claims: JsonObject): string | undefined {
  if (at(claims, 'idtyp') !== 'app' || has(claims, 'scp')) return undefined;
  return stringAt(claims, 'azp') ?? stringAt(claims, 'appid');
}

function hasOpenIdScope(claims: JsonObject): boolean {
  const scope = at(claims, 'scope') ?? at(claims, 'scp');
  const scopes: readonly unknown[] = typeof scope === 'string' ? scope.split(' ') : asList(scope);
  return scopes.includes('openid');
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
