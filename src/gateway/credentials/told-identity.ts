import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, SignJWT, type JWK, type JWTPayload } from 'jose';
import { LRUCache } from 'lru-cache';
import type { GuardedRequest } from '../../access/guarded-request.js';
import { isObject, ownString, type JsonObject } from '../../policy/json.js';
import { CallerIdentity } from '../upstream/caller-identity.js';
import { UpstreamFailed } from '../upstream/upstream-errors.js';

/** Seconds for which a JWT about a caller serves. */
const LIFETIME_S = 60;
/** Milliseconds for which it is sent again with what the same caller asks. */
const KEPT_MS = 30_000;
/** Characters of all that are kept. */
const MAX_KEPT = 4_194_304;
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
  private readonly kept = new LRUCache<string, KeptToken>({
    maxSize: MAX_KEPT,
    sizeCalculation: ({ token }, about) => token.length + about.length,
  });

  /**
   * @param issuer base URL of Wardgate
   * @param audience base URL of the upstream
   * @param current the private key as it is now, in PEM; undefined while it cannot be had
   * @param now milliseconds of a clock that never goes back
   */
  constructor(
    private readonly issuer: string,
    private readonly audience: string,
    private readonly current: () => string | undefined,
    private readonly now: () => number = () => performance.now(),
  ) {
    super();
  }

  async headers({ caller }: GuardedRequest): Promise<Readonly<Record<string, string>>> {
    const key = await this.signingKey();
    const claims = claimsAbout(caller);
    const about = JSON.stringify([key.kid, claims]);
    const kept = this.kept.get(about);
    if (kept !== undefined && kept.until > this.now()) return told(kept);
    const made = { until: this.now() + KEPT_MS, token: await this.sign(claims, key) };
    this.kept.set(about, made);
    return told(made);
  }

  override async publicKeys(): Promise<readonly JWK[]> {
    const { jwk, kid } = await this.signingKey();
    return [{ ...jwk, kid, alg: 'ES256', use: 'sig' }];
  }

  /** Without `jti` (RFC 7519 §4.1.7): it comes with more than one request. */
  private sign(claims: JWTPayload, { key, kid }: SigningKey): Promise<string> {
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'ES256', typ: 'wardgate-identity+jwt', kid })
      .setIssuer(this.issuer)
      .setAudience(this.audience)
      .setIssuedAt()
      .setExpirationTime(`${LIFETIME_S}s`)
      .sign(key);
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

interface KeptToken {
  readonly token: string;
  /** By the clock of the process. */
  readonly until: number;
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

function told({ token }: KeptToken): Readonly<Record<string, string>> {
  return { 'x-wardgate-identity': token };
}

function claimsAbout(caller: GuardedRequest['caller']): JWTPayload {
  const { user, client, roles } = caller;
  const fhirUser = fhirUserOf(user);
  return {
    sub: subjectOf(caller),
    ...(client === undefined ? {} : { client_id: client.id }),
    ...(fhirUser === undefined ? {} : { fhirUser }),
    ...(roles.length === 0 ? {} : { roles: roles.map((role) => ownString(role, 'name')) }),
  };
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
