import { Injectable } from '@nestjs/common';
import type {
  JwtIntrospector,
  TokenIntrospector,
} from '../resources/token-introspector/token-introspector.js';
import { IntrospectionUnavailable, InvalidToken } from './errors.js';
import type { ActiveIntrospection } from './introspection.js';
import { IntrospectorSource } from './introspector-source.js';
import { JwtStrategy, type SignedToken } from './jwt/jwt.strategy.js';
import { MAX_TOKEN_LENGTH } from './jwt/jwt.js';
import type { Refusal } from './refusal.js';
import { routeTable, type RouteTable } from './route.js';

/** Finds the introspectors that judge a token, and asks them. */
@Injectable()
export class IntrospectorRouter {
  private readonly tables = new WeakMap<readonly TokenIntrospector[], RouteTable>();

  constructor(
    private readonly source: IntrospectorSource,
    private readonly jwt: JwtStrategy,
  ) {}

  /**
   * The claims of a bearer token that one of the stored introspectors vouches for.
   *
   * @throws InvalidToken when none does; its `refusals` say why, for the trace.
   * @throws IntrospectionUnavailable when none does and one of them could not tell.
   */
  async introspect(token: string): Promise<ActiveIntrospection> {
    if (token.length > MAX_TOKEN_LENGTH) throw new InvalidToken([{ code: 'too-long' }]);
    const signed = this.jwt.read(token);
    if (typeof signed === 'string') throw new InvalidToken([{ code: signed }]);
    const iss = signed.jwt.claims['iss'] as string | undefined;
    const judges = this.table().route(iss);
    if (typeof judges === 'string') throw new InvalidToken([{ code: judges }]);
    return this.askInTurn(signed, judges);
  }

  private async askInTurn(
    signed: SignedToken,
    judges: readonly JwtIntrospector[],
  ): Promise<ActiveIntrospection> {
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
    throw unavailable ?? new InvalidToken(refusals);
  }

  private table(): RouteTable {
    const introspectors = this.source.all();
    const table = this.tables.get(introspectors) ?? routeTable(introspectors);
    this.tables.set(introspectors, table);
    return table;
  }
}
