import { Injectable } from '@nestjs/common';
import { single, type QueryParams } from '../../interactions/search/parse-search.js';
import { GatewaySettings } from '../gateway-settings.js';
import type { Passage } from '../passing/passage.js';
import { encodedPairs, pairsOf, type QueryPair } from '../requests/query-pairs.js';
import { callerKey } from './caller-key.js';
import type { SealBinding, SealedKind } from './link-seals.js';
import { PageKey } from './page-key.js';

/** As many characters as the target of a request may have. */
const MAX_LINK = 8192;

/** A request that goes on under the same address. */
export interface ContinuedRequest {
  /** Below `/fhir`, such as `/Patient`; empty for that itself. */
  readonly path: string;
  /** Without the parameters of {@link SealedKind}. */
  readonly query: QueryParams;
}

/**
 * What the upstream gives out for a request, as a part of that request: a link has its path and parameters, so
 * that what it leads to is decided as the request was, and beside them what the upstream gave, sealed.
 */
@Injectable()
export class SealedLinks {
  private readonly base: string;

  constructor(
    private readonly key: PageKey,
    { baseUrl }: GatewaySettings,
  ) {
    this.base = `${baseUrl}/fhir`;
  }

  /** The address of the request itself. */
  addressOf({ path, query }: ContinuedRequest): string {
    return withQuery(`${this.base}${path}`, pairsOf(query));
  }

  /**
   * Makes links for the caller of the request, any number of them from the texts to be sealed; undefined where one
   * would be too long to be asked for.
   */
  sealer(
    kind: SealedKind,
    continued: ContinuedRequest,
    { origin }: Passage,
  ): (text: string) => string | undefined {
    const { path, query } = continued;
    const pairs = pairsOf(query);
    const seal = this.key.seals.sealer(kind, bindingOf(path, pairs, origin));
    const start = withQuery(`${this.base}${path}`, [...pairs, [kind.parameter, '']]);
    return (text) => {
      // What is sealed is longer than its text.
      if (start.length + text.length > MAX_LINK) return undefined;
      const link = `${start}${seal(text)}`;
      return link.length <= MAX_LINK ? link : undefined;
    };
  }

  /** What stands for a link that would be too long, with a word instead of the seal, and what of the request fits. */
  standIn({ parameter }: SealedKind, { path, query }: ContinuedRequest, word: string): string {
    const link = this.addressOf({ path, query: { ...query, [parameter]: word } });
    return link.length <= MAX_LINK ? link : this.addressOf({ path, query: { [parameter]: word } });
  }

  /**
   * What was sealed in the link that is asked for; undefined where the request has no such parameter.
   *
   * @throws FhirError 400, 403 or 410 as `LinkSeals.open` does
   */
  opened(
    kind: SealedKind,
    continued: ContinuedRequest,
    { request, origin }: Passage,
  ): string | undefined {
    const { parameter } = kind;
    const token = Object.hasOwn(request.query, parameter) ? request.query[parameter] : undefined;
    if (token === undefined) return undefined;
    const { path, query } = continued;
    const binding = bindingOf(path, pairsOf(query), origin);
    return this.key.seals.open(kind, single(parameter, token), binding);
  }
}

/** The parameters of a request without those that carry a seal. */
export function withoutSeals(
  { query }: Passage['request'],
  ...kinds: readonly SealedKind[]
): QueryParams {
  const names = new Set(kinds.map(({ parameter }) => parameter));
  return Object.fromEntries(Object.entries(query).filter(([name]) => !names.has(name)));
}

function bindingOf(
  path: string,
  pairs: readonly QueryPair[],
  { caller }: Passage['origin'],
): SealBinding {
  return { caller: callerKey(caller), request: JSON.stringify([path, pairs]) };
}

function withQuery(address: string, pairs: readonly QueryPair[]): string {
  const text = encodedPairs(pairs);
  return text === '' ? address : `${address}?${text}`;
}
