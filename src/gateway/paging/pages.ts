import { Injectable } from '@nestjs/common';
import { BadRequest } from '../../errors/fhir-error.js';
import type { QueryParams } from '../../interactions/search/parse-search.js';
import { GatewaySettings } from '../gateway-settings.js';
import type { Passage } from '../passing/passage.js';
import type { LinkRewriter } from '../rewriting/link-rewriter.js';
import { ResourceLinks } from '../rewriting/resource-links.js';
import type { UpstreamPage } from '../upstream/upstream.js';
import { UpstreamFailed } from '../upstream/upstream-errors.js';
import type { SealedKind } from './link-seals.js';
import { isSameRequest } from './same-request.js';
import { SealedLinks, withoutSeals, type ContinuedRequest } from './sealed-links.js';

/** Pages that continue a search or history; upstreams keep them no longer. */
const PAGE: SealedKind = {
  parameter: '_page',
  noun: 'page',
  remedy: 'search again',
  lifetimeMs: 3_600_000,
};

/** Instead of the seal of a page whose link would be too long; no seal is as short. */
const TOO_LONG = 'too-long';

/** Pages of the upstream as parts of the request to which it gave them, see {@link SealedLinks}. */
@Injectable()
export class Pages {
  private readonly upstream: URL;

  constructor(
    private readonly sealed: SealedLinks,
    private readonly resources: ResourceLinks,
    { upstreamUrl }: GatewaySettings,
  ) {
    this.upstream = new URL(upstreamUrl);
  }

  /**
   * The page that a request asks for; `undefined` where it asks for no other than the first.
   *
   * @throws FhirError 400, 403 or 410 as {@link SealedLinks.opened} does
   */
  asked(paged: ContinuedRequest, passage: Passage): UpstreamPage | undefined {
    const url = this.sealed.opened(PAGE, paged, passage);
    return url === undefined ? undefined : { url: new URL(url) };
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
  links(paged: ContinuedRequest, passage: Passage): LinkRewriter {
    let seal: ReturnType<SealedLinks['sealer']> | undefined;
    return {
      resource: (url) => this.resources.resource(url),
      location: (url) => this.resources.location(url),
      page: (url) => {
        const target = this.pageOf(url);
        if (isSameRequest(target, this.upstream, paged)) return this.sealed.addressOf(paged);
        seal ??= this.sealed.sealer(PAGE, paged, passage);
        // It need not be a page that anybody asks for: some servers write `self` in their own way.
        return seal(target.href) ?? this.sealed.standIn(PAGE, paged, TOO_LONG);
      },
    };
  }

  /** @throws UpstreamFailed 502 for a page that is not the upstream's */
  private pageOf(url: string): URL {
    const target = this.resources.target(url);
    if (target) return target;
    throw new UpstreamFailed(
      'The FHIR server behind this one continues its answer elsewhere; WARDGATE_UPSTREAM_OTHER_URLS names its other base URLs',
    );
  }
}

/**
 * The parameters of a request without that of pages.
 *
 * @throws BadRequest 400 for what stands for a page whose link would be too long
 */
export function withoutPage(request: Passage['request']): QueryParams {
  const { parameter } = PAGE;
  if (Object.hasOwn(request.query, parameter) && request.query[parameter] === TOO_LONG) {
    throw new BadRequest(
      'The search is too long for links to its pages; part it, or ask for more with _count',
      'too-long',
      parameter,
    );
  }
  return withoutSeals(request, PAGE);
}
