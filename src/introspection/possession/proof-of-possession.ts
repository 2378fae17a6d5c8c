import { createHash, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { JsonObject } from '../../policy/json.js';
import { stringAt } from '../../resources/token-introspector/json-members.js';
import { Clock } from '../clock.js';
import { ProofUnchecked } from '../errors.js';
import {
  refused,
  type ActiveIntrospection,
  type ConfirmedIntrospection,
  type InactiveIntrospection,
} from '../introspection.js';
import { IntrospectionSettings } from '../introspection-settings.js';
import type { RefusalCode } from '../refusal.js';
import { confirmationOf, type Confirmation } from './confirmation.js';
import { PROOF_CLOCK_SKEW_MS, verifyProof } from './dpop-proof.js';
import type { Evidence, Presentation } from './presentation.js';
import { UsedProofs } from './used-proofs.js';

/** For how much longer than it serves a proof is remembered, because instances' clocks differ. */
const CLOCK_DIFFERENCE_MS = 60_000;

/**
 * The one exit of introspection: a token that is bound to its sender is accepted from that sender
 * only (spec §2; RFC 7800 `cnf`), whichever strategy vouches for it.
 */
@Injectable()
export class ProofOfPossession {
  constructor(
    private readonly usedProofs: UsedProofs,
    private readonly clock: Clock,
    private readonly settings: IntrospectionSettings,
  ) {}

  /**
   * Accepts an active introspection if its token may be presented like this.
   *
   * @param own claims that the token itself reads, where it is a JWT
   * @throws ProofUnchecked (503) when nobody can tell whether the proof was used before.
   */
  async confirm(
    vouched: ActiveIntrospection,
    token: string,
    presentation: Presentation,
    own: JsonObject = vouched.claims,
  ): Promise<ConfirmedIntrospection | InactiveIntrospection> {
    const confirmation = confirmationOf(vouched.claims, own);
    const refusal =
      typeof confirmation === 'string'
        ? confirmation
        : (schemeRefusal(vouched, confirmation, presentation) ??
          certificateRefusal(confirmation, presentation.evidence) ??
          (await this.proofRefusal(confirmation, token, presentation.evidence)));
    return refusal === undefined
      ? { ...vouched, isConfirmed: true }
      : refused(refusal, vouched.introspector.id);
  }

  /**
   * Why a JWT that reads these claims may not be presented like this, whoever vouches for it; `undefined`
   * when that depends on more than what it reads. Nobody needs to be asked to know it.
   */
  refusalWhoeverVouches(
    own: JsonObject,
    { scheme, evidence }: Presentation,
  ): RefusalCode | undefined {
    const confirmation = confirmationOf(own);
    if (typeof confirmation === 'string') return confirmation;
    const lacksProof = confirmation.keyThumbprint !== undefined && scheme !== 'dpop';
    return lacksProof ? 'proof-required' : certificateRefusal(confirmation, evidence);
  }

  private async proofRefusal(
    { keyThumbprint }: Confirmation,
    token: string,
    evidence: Evidence,
  ): Promise<RefusalCode | undefined> {
    if (keyThumbprint === undefined) return undefined;
    const [text, second] = evidence.proofs();
    if (text === undefined || second !== undefined) return 'proof-count';
    const { proofLifetimeMs: lifetimeMs } = this.settings;
    const nowMs = this.clock.now();
    const expected = { evidence, token, keyThumbprint, nowMs, lifetimeMs };
    const proof = await verifyProof(text, expected);
    if (typeof proof === 'string') return proof;
    return (await this.isFirstUse(keyThumbprint, proof.jti)) ? undefined : 'proof-replayed';
  }

  private async isFirstUse(keyThumbprint: string, jti: string): Promise<boolean> {
    const digest = createHash('sha256')
      .update(JSON.stringify([keyThumbprint, jti]))
      .digest();
    const acceptedForMs = this.settings.proofLifetimeMs + 2 * PROOF_CLOCK_SKEW_MS;
    try {
      return await this.usedProofs.add(digest, acceptedForMs + CLOCK_DIFFERENCE_MS);
    } catch (error) {
      throw new ProofUnchecked(error);
    }
  }
}

function schemeRefusal(
  { type, claims }: ActiveIntrospection,
  { keyThumbprint }: Confirmation,
  { scheme }: Presentation,
): RefusalCode | undefined {
  // A stolen token would do without its key if the other scheme were taken for it (RFC 9449 §7.2).
  if (keyThumbprint !== undefined) return scheme === 'dpop' ? undefined : 'proof-required';
  if (scheme === 'dpop') return 'not-bound';
  const isSaidToBeBound =
    type !== 'jwt' && stringAt(claims, 'token_type')?.toLowerCase() === 'dpop';
  return isSaidToBeBound ? 'unknown-confirmation' : undefined;
}

function certificateRefusal(
  { certificateThumbprint: expected }: Confirmation,
  evidence: Evidence,
): RefusalCode | undefined {
  if (expected === undefined) return undefined;
  const given = evidence.certificateThumbprint();
  if (given === undefined) return 'certificate-required';
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b) ? undefined : 'wrong-certificate';
}
