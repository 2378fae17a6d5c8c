import { Injectable } from '@nestjs/common';
import type {
  JwtIntrospector,
  TokenIntrospector,
} from '../resources/token-introspector/token-introspector.js';
import { IntrospectionUnavailable } from './errors.js';
import {
  refused,
  type ConfirmedIntrospection,
  type InactiveIntrospection,
  type Introspection,
} from './introspection.js';
import { IntrospectorSource } from './introspector-source.js';
import { JwtStrategy, type SignedToken } from './jwt/jwt.strategy.js';
import { MAX_TOKEN_LENGTH } from './jwt/jwt.js';
import type { Presentation } from './possession/presentation.js';
import { ProofOfPossession } from './possession/proof-of-possession.js';
import type { Refusal } from './refusal.js';
import { routeTable, type RouteTable } from './route.js';

/** Finds the introspectors that judge a token, and asks them. */
@Injectable()
export class IntrospectorRouter {
  private readonly tables = new WeakMap<readonly TokenIntrospector[], RouteTable>();

  constructor(
    private readonly source: IntrospectorSource,
    private readonly jwt: JwtStrategy,
    private readonly possession: ProofOfPossession,
  ) {}

  /**
   * The state of a token: active as soon as one of the stored introspectors vouches for it and it was
   * presented by whom it is bound to, else with the reasons of all that were asked.
   *
   * @throws IntrospectionUnavailable when none does and one of them could not tell, ProofUnchecked
   * when nobody can tell whether its proof was used before.
   */
  async introspect(
    token: string,
    presentation: Presentation,
  ): Promise<ConfirmedIntrospection | InactiveIntrospection> {
    const judged = await this.judge(token);
    return judged.active ? this.possession.confirm(judged, token, presentation) : judged;
  }

  private async judge(token: string): Promise<Introspection> {
    // Before it is hashed, which costs by its length.
    if (token.length > MAX_TOKEN_LENGTH) return refused('too-long');
    const signed = this.jwt.read(token);
    if (typeof signed === 'string') return refused(signed);
    const iss = signed.jwt.claims['iss'] as string | undefined;
    const judges = this.table().route(iss);
    if (typeof judges === 'string') return refused(judges);
    return this.askInTurn(signed, judges);
  }

  private async askInTurn(
    signed: SignedToken,
    judges: readonly JwtIntrospector[],
  ): Promise<Introspection> {
    const refusals: Refusal[] = [];
    let unavailable: IntrospectionUnavailable | undefined;
    for (const judge of judges) {
      try {
        const introspection = await this.jwt.introspect(signed, judge);
        if (introspection.active) return introspection;
        refusals.push(...introspection.refusals);
      } catch (error) {
        if (!(error instanceof IntrospectionUnavailable)) throw error;
        unavailable = error;
      }
    }
    if (unavailable) throw unavailable;
    return { active: false, refusals };
  }

  private table(): RouteTable {
    const introspectors = this.source.all();
    const table = this.tables.get(introspectors) ?? routeTable(introspectors);
    this.tables.set(introspectors, table);
    return table;
  }
}
