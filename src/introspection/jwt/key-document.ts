import type { JsonObject } from '../../policy/json.js';
import { stringAt } from '../../resources/token-introspector/json-members.js';
import type { KeySource } from '../../resources/token-introspector/token-introspector.js';
import { OutboundFailure } from '../outbound/outbound-failure.js';
import type { OutboundHttp } from '../outbound/outbound-http.js';

/** A source of keys that lies outside. */
export type RemoteKeySource = Extract<KeySource, { kind: 'jwks' | 'discovery' }>;

/**
 * Fetches the JWK set of an issuer, at its URI or by OpenID Connect Discovery §4.
 *
 * @param signal one deadline for all calls that it takes; without it each has its own
 * @throws OutboundFailure when it cannot be had, or discovery answers for another issuer.
 */
export async function fetchKeyDocument(
  source: RemoteKeySource,
  http: Pick<OutboundHttp, 'getJson'>,
  signal?: AbortSignal,
): Promise<JsonObject> {
  switch (source.kind) {
    case 'jwks':
      return http.getJson(source.uri, { purpose: 'keys', signal });
    case 'discovery': {
      const uri = await discoverJwksUri(source.issuer, http, signal);
      return http.getJson(uri, { purpose: 'keys', signal });
    }
  }
}

async function discoverJwksUri(
  issuer: string,
  http: Pick<OutboundHttp, 'getJson'>,
  signal: AbortSignal | undefined,
): Promise<string> {
  const base = issuer.replace(/\/$/, '');
  const metadata = await http.getJson(`${base}/.well-known/openid-configuration`, {
    purpose: 'discovery',
    signal,
  });
  if (stringAt(metadata, 'issuer') !== issuer) {
    throw new OutboundFailure('The discovery document names another issuer');
  }
  const uri = stringAt(metadata, 'jwks_uri');
  if (uri === undefined) throw new OutboundFailure('The discovery document names no jwks_uri');
  return uri;
}
