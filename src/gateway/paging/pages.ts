import { Injectable } from '@nestjs/common';
import type { QueryParams } from '../../interactions/search/parse-search.js';
import { single } from '../../interactions/search/parse-search.js';
import { GatewaySettings } from '../gateway-settings.js';
import type { Passage } from '../passing/passage.js';
import type { LinkRewriter } from '../rewriting/link-rewriter.js';
import { encodedPairs, pairsOf } from '../requests/query-pairs.js';
import { ResourceLinks } from '../rewriting/resource-links.js';
import type { UpstreamPage } from '../upstream/upstream.js';
import { UpstreamFailed } from '../upstream/upstream-errors.js';
import { isBelow } from '../upstream/upstream-target.js';
import { callerKey } from './caller-key.js';
import { PageKey } from './page-key.js';

/** The parameter that continues a search or history. */
export const PAGE_PARAMETER = '_page';

/** As many characters as the target of a request may have. */
const MAX_LINK = 8192;

/** What pages are asked for with. */
export interface PagedRequest {
  /** Below `/fhir`, such as `/Patient`; empty for that itself. */
  readonly path: string;
  /** Without {@link PAGE_PARAMETER}. */
  readonly query: QueryParams;
}

/**
 * Pages of the upstream as parts of the request to which it gave them: a link has the path and parameters of
 * that request, so that each page is decided as the first was, and beside them the page itself, sealed.
 */
@Injectable()
export class Pages {
  private readonly base: string;
  private readonly upstream: URL;

  constructor(
    private readonly key: PageKey,
    private readonly resources: ResourceLinks,
    { baseUrl, upstreamUrl }: GatewaySettings,
  ) {
    this.base = `${baseUrl}/fhir`;
    this.upstream = new URL(upstreamUrl);
  }

  /**
   * The page that a request asks for; `undefined` where it asks for no other than the first.
   *
   * @throws FhirError 400, 403 or 410 as {@link PageSeals.open} does
   */
  asked(paged: PagedRequest, { request, origin }: Passage): UpstreamPage | undefined {
    const token = Object.hasOwn(request.query, PAGE_PARAMETER)
      ? request.query[PAGE_PARAMETER]
      : undefined;
    if (token === undefined) return undefined;
    const binding = { caller: callerKey(origin.caller), request: requestKey(paged) };
    return { url: new URL(this.key.seals.open(single(PAGE_PARAMETER, token), binding)) };
  }

  /** The address of a resource, see {@link ResourceLinks}. */
  resource(url: string): string {
    return this.resources.resource(url);
  }

  /** The address of a resource in a header, see {@link ResourceLinks}. */
  location(url: string): string | undefined {
    return this.resources.location(url);
  }

  /** How the links are rewritten of what answers the request. */
  links(paged: PagedRequest, { origin }: Passage): LinkRewriter {
    const binding = { caller: callerKey(origin.caller), request: requestKey(paged) };
    return {
      resource: (url) => this.resources.resource(url),
      location: (url) => this.resources.location(url),
      page: (url) => {
        const target = this.pageOf(url);
        if (isSameRequest(target, this.upstream, paged)) return this.urlOf(paged);
        const link = this.urlOf(paged, this.key.seals.seal(target.href, binding));
        if (link.length <= MAX_LINK) return link;
        throw new UpstreamFailed(
          'The answer has further pages, and the request is too long to ask for them; it may be parted, or have a higher _count',
        );
      },
    };
  }

  /** @throws UpstreamFailed 502 for a page that is not the upstream's */
  private pageOf(url: string): URL {
    const below = this.resources.below(url);
    const target =
      below === undefined ? undefined : parsed(`${this.upstream.href.replace(/\/$/, '')}${below}`);
    if (target && isBelow(this.upstream, target)) return target;
    throw new UpstreamFailed(
      'The FHIR server behind this one continues its answer elsewhere; WARDGATE_UPSTREAM_OTHER_URLS names its other base URLs',
    );
  }

  private urlOf({ path, query }: PagedRequest, page?: string): string {
    const pairs = [
      ...pairsOf(query),
      ...(page === undefined ? [] : [[PAGE_PARAMETER, page] as const]),
    ];
    const text = encodedPairs(pairs);
    return text === '' ? `${this.base}${path}` : `${this.base}${path}?${text}`;
  }
}

/** The parameters of a request without that of pages. */
export function withoutPage({ query }: Passage['request']): QueryParams {
  const rest = Object.entries(query).filter(([name]) => name !== PAGE_PARAMETER);
  return Object.fromEntries(rest);
}

function requestKey({ path, query }: PagedRequest): string {
  return JSON.stringify([path, pairsOf(query)]);
}

/** Whether a link only repeats the request, as `self` does on the first page. */
function isSameRequest(url: URL, upstream: URL, { path, query }: PagedRequest): boolean {
  const own = `${upstream.pathname.replace(/\/+$/, '')}${path}`;
  const asked = pairsOf(query).map((pair) => pair.join('='));
  const linked = [...url.searchParams].map((pair) => pair.join('='));
  return url.pathname === own && asked.sort().join('&') === linked.sort().join('&');
}

function parsed(url: string): URL | undefined {
  return URL.canParse(url) ? new URL(url) : undefined;
}
