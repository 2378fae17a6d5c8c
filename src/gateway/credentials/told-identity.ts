import { createPrivateKey, createPublicKey, randomUUID, type KeyObject } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, SignJWT, type JWK } from 'jose';
import type { GuardedRequest } from '../../access/guarded-request.js';
import { isObject, ownString, type JsonObject } from '../../policy/json.js';
import { CallerIdentity } from '../upstream/caller-identity.js';
import { UpstreamFailed } from '../upstream/upstream-errors.js';

/** Seconds for which a JWT about a caller serves: one request. */
const LIFETIME_S = 60;
const SENDABLE = /^[\x21-\x7e]+$/;

/** Who asks, in plain headers; only for upstreams that nobody else can reach. */
export class HeaderIdentity extends CallerIdentity {
  async headers({ caller }: GuardedRequest): Promise<Readonly<Record<string, string>>> {
    const told = {
      'x-wardgate-user': caller.user?.id,
      'x-wardgate-client': caller.client?.id,
      'x-wardgate-fhir-user': fhirUserOf(caller.user),
    };
    const sendable = Object.entries(told).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && SENDABLE.test(entry[1]),
    );
    return Object.fromEntries(sendable);
  }
}

/** Who asks, as a JWT that Wardgate signs (ES256) and the upstream can verify. */
export class SignedIdentity extends CallerIdentity {
  private pem: string | undefined;
  private key: Promise<SigningKey> | undefined;

  /**
   * @param issuer base URL of Wardgate
   * @param audience base URL of the upstream
   * @param current the private key as it is now, in PEM; undefined while it cannot be had
   */
  constructor(
    private readonly issuer: string,
    private readonly audience: string,
    private readonly current: () => string | undefined,
  ) {
    super();
  }

  async headers({ caller }: GuardedRequest): Promise<Readonly<Record<string, string>>> {
    const { key, kid } = await this.signingKey();
    const { user, client, roles } = caller;
    const token = await new SignJWT({
      ...(client === undefined ? {} : { client_id: client.id }),
      ...(fhirUserOf(user) === undefined ? {} : { fhirUser: fhirUserOf(user) }),
      ...(roles.length === 0 ? {} : { roles: roles.map((role) => ownString(role, 'name')) }),
    })
      .setProtectedHeader({ alg: 'ES256', typ: 'wardgate-identity+jwt', kid })
      .setIssuer(this.issuer)
      .setAudience(this.audience)
      .setSubject(subjectOf(caller))
      .setJti(randomUUID())
      .setIssuedAt()
      .setExpirationTime(`${LIFETIME_S}s`)
      .sign(key);
    return { 'x-wardgate-identity': token };
  }

  override async publicKeys(): Promise<readonly JWK[]> {
    const { jwk, kid } = await this.signingKey();
    return [{ ...jwk, kid, alg: 'ES256', use: 'sig' }];
  }

  private async signingKey(): Promise<SigningKey> {
    const pem = this.current();
    if (pem === undefined) {
      throw new UpstreamFailed('The key that tells the upstream who asks cannot be read now');
    }
    if (pem !== this.pem || this.key === undefined) {
      this.pem = pem;
      this.key = signingKey(pem);
    }
    return this.key;
  }
}

interface SigningKey {
  readonly key: KeyObject;
  readonly jwk: JWK;
  readonly kid: string;
}

async function signingKey(pem: string): Promise<SigningKey> {
  const key = privateKeyOf(pem);
  if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') {
    throw new UpstreamFailed('The key that tells the upstream who asks is none of EC P-256');
  }
  const jwk = await exportJWK(createPublicKey(key));
  return { key, jwk, kid: await calculateJwkThumbprint(jwk) };
}

/** @throws UpstreamFailed 502 for what is no private key, such as a file that is being written */
function privateKeyOf(pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    throw new UpstreamFailed('The key that tells the upstream who asks is no private key', cause);
  }
}

/** With the type, because a Client may have the id of a User. */
function subjectOf({ user, client }: GuardedRequest['caller']): string {
  if (user !== undefined) return `User/${user.id}`;
  return client === undefined ? 'anonymous' : `Client/${client.id}`;
}

/** The reference of the User's own resource. */
function fhirUserOf(user: JsonObject | undefined): string | undefined {
  const fhirUser = user?.['fhirUser'];
  return isObject(fhirUser) ? ownString(fhirUser, 'reference') : undefined;
}
