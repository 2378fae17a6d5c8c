import { Injectable } from '@nestjs/common';
import type {
  EndpointIntrospector,
  TokenIntrospector,
} from '../resources/token-introspector/token-introspector.js';
import { IntrospectionUnavailable } from './errors.js';
import { firstActive, type Question } from './first-active.js';
import { IntrospectionSettings } from './introspection-settings.js';
import {
  refused,
  type ConfirmedIntrospection,
  type InactiveIntrospection,
  type Introspection,
} from './introspection.js';
import { IntrospectorSource } from './introspector-source.js';
import type { SignedToken } from './jwt/jwt.strategy.js';
import { MAX_TOKEN_LENGTH } from './jwt/jwt.js';
import type { Presentation } from './possession/presentation.js';
import { ProofOfPossession } from './possession/proof-of-possession.js';
import type { RefusalCode } from './refusal.js';
import { judgesOfUnread, routeTable, type Judges, type RouteTable } from './route.js';
import { Strategies } from './strategies.js';

/** Finds the introspectors that judge a credential, and asks them. */
@Injectable()
export class IntrospectorRouter {
  private readonly tables = new WeakMap<readonly TokenIntrospector[], RouteTable>();

  constructor(
    private readonly source: IntrospectorSource,
    private readonly strategies: Strategies,
    private readonly possession: ProofOfPossession,
    private readonly settings: IntrospectionSettings,
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
    // Before it is hashed, which costs by its length.
    if (token.length > MAX_TOKEN_LENGTH) return refused('too-long');
    const signed = this.strategies.jwt.read(token);
    const isUnread = typeof signed === 'string';
    const judged = await (isUnread
      ? this.judgeUnread(token, signed)
      : this.judge(signed, presentation));
    if (!judged.active) return judged;
    const own = isUnread ? undefined : signed.jwt.claims;
    return this.possession.confirm(judged, token, presentation, own);
  }

  /** What is bad whoever is asked is refused, and not unavailable, while nobody can be asked. */
  private async judge(signed: SignedToken, presentation: Presentation): Promise<Introspection> {
    const { token, jwt } = signed;
    const judges = this.table().signed(token, jwt.claims['iss'] as string | undefined);
    if (typeof judges === 'string') return refused(judges);
    try {
      return await this.ask(this.aboutSigned(signed, judges), 'unknown-issuer');
    } catch (error) {
      if (!(error instanceof IntrospectionUnavailable)) throw error;
      const refusal = this.possession.refusalWhoeverVouches(jwt.claims, presentation);
      if (refusal === undefined) throw error;
      return refused(refusal, error.introspectorId);
    }
  }

  /**
   * The state of an ASP.NET Forms Authentication cookie, likewise.
   *
   * @throws IntrospectionUnavailable when nobody vouches for it and one could not tell.
   */
  async introspectCookie(
    cookie: string,
    presentation: Presentation,
  ): Promise<ConfirmedIntrospection | InactiveIntrospection> {
    if (cookie.length > MAX_TOKEN_LENGTH) return refused('too-long');
    const questions = this.table().aspxauth.map((judge) => ({
      introspectorId: judge.id,
      ask: () => this.strategies.aspxauth.introspect(cookie, judge),
    }));
    const judged = await this.ask(questions, 'inactive');
    return judged.active ? this.possession.confirm(judged, cookie, presentation) : judged;
  }

  /** Whether a cookie is a credential here, and not something to be passed over. */
  takesCookies(): boolean {
    return this.table().takesCookies;
  }

  /** A JWT that is refused for what it reads is sent nowhere: nobody can tell whose it is. */
  private judgeUnread(token: string, unread: RefusalCode): Promise<Introspection> {
    return this.ask(this.aboutOpaque(token, judgesOfUnread(this.table(), token, unread)), unread);
  }

  private *aboutSigned(signed: SignedToken, judges: Judges): Generator<Question> {
    for (const judge of judges.jwt) {
      yield { introspectorId: judge.id, ask: () => this.strategies.jwt.introspect(signed, judge) };
    }
    yield* this.aboutOpaque(signed.token, judges.opaque());
  }

  private *aboutOpaque(
    token: string,
    judges: readonly EndpointIntrospector[],
  ): Generator<Question> {
    for (const judge of judges) {
      yield {
        introspectorId: judge.id,
        ask: () => this.strategies.opaque.introspect(token, judge),
      };
    }
  }

  private ask(questions: Iterable<Question>, unasked: RefusalCode): Promise<Introspection> {
    return firstActive([...questions], unasked, this.settings.timeoutMs);
  }

  private table(): RouteTable {
    const introspectors = this.source.all();
    const table = this.tables.get(introspectors) ?? routeTable(introspectors);
    this.tables.set(introspectors, table);
    return table;
  }
}
