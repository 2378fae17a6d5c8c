import { Injectable } from '@nestjs/common';
import type { JwtIntrospector } from '../../resources/token-introspector/token-introspector.js';
import { Clock } from '../clock.js';
import { refused, vouchedFor, type Introspection } from '../introspection.js';
import type { IntrospectionStrategy } from '../introspection.strategy.js';
import type { RefusalCode } from '../refusal.js';
import { algorithmRefusal } from './algorithm.js';
import { claimsRefusal } from './claims.js';
import { tokenDigest, parseJwt, type Jwt } from './jwt.js';
import { KeySets } from './key-sets.js';
import type { KeySet } from './key-set.js';
import { RememberedTokens } from './remembered-tokens.js';
import { selectKeys } from './select-keys.js';
import { verifySignature } from './verify-signature.js';

/** A token with what it reads. The token itself lives no longer than the request. */
export interface SignedToken {
  readonly token: string;
  readonly digest: string;
  readonly jwt: Jwt;
}

/** Verifies signed tokens (RFC 7519, RFC 8725) with keys of the introspector alone. */
@Injectable()
export class JwtStrategy implements IntrospectionStrategy<JwtIntrospector, SignedToken> {
  constructor(
    private readonly keySets: KeySets,
    private readonly remembered: RememberedTokens,
    private readonly clock: Clock,
  ) {}

  /** Reads a token without judging it; the code says why it is none that could be accepted. */
  read(token: string): SignedToken | RefusalCode {
    const digest = tokenDigest(token);
    const jwt = this.remembered.read(digest) ?? parseJwt(token);
    return typeof jwt === 'string' ? jwt : { token, digest, jwt };
  }

  /** Claims and algorithm before keys: a token that is refused anyway costs its issuer no call. */
  async introspect(signed: SignedToken, introspector: JwtIntrospector): Promise<Introspection> {
    const refusal =
      claimsRefusal(signed.jwt, introspector, this.clock.now()) ??
      algorithmRefusal(signed.jwt.header.alg, introspector) ??
      (await this.signatureRefusal(signed, introspector));
    if (refusal !== undefined) return refused(refusal, introspector.id);
    return vouchedFor(signed.jwt.claims, introspector);
  }

  private async signatureRefusal(
    signed: SignedToken,
    introspector: JwtIntrospector,
  ): Promise<RefusalCode | undefined> {
    const askedAt = performance.now();
    const keySet = await this.keySets.current(introspector);
    if (this.remembered.isVerified(signed.digest, introspector, keySet)) return undefined;
    const refusal = await this.verify(signed, introspector, keySet);
    if (refusal !== 'unknown-key') return refusal;
    const newest = await this.keySets.lookAgain(introspector, keySet, askedAt);
    return this.verify(signed, introspector, newest);
  }

  private async verify(
    { token, digest, jwt }: SignedToken,
    introspector: JwtIntrospector,
    keySet: KeySet,
  ): Promise<RefusalCode | undefined> {
    const selected = selectKeys(jwt.header, keySet);
    if (typeof selected === 'string') return selected;
    if (!(await verifySignature(token, selected))) return 'wrong-signature';
    this.remembered.remember(digest, jwt, introspector, keySet);
    return undefined;
  }
}
