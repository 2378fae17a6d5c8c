import { Injectable } from '@nestjs/common';
import { GatewaySettings } from '../gateway-settings.js';
import { isBelow } from '../upstream/upstream-target.js';

/** The addresses of resources: those below a base of the upstream become those of Wardgate. */
@Injectable()
export class ResourceLinks {
  private readonly base: string;
  private readonly upstreams: readonly string[];
  private readonly upstream: URL;

  constructor({ baseUrl, upstreamUrl, otherUpstreamUrls }: GatewaySettings) {
    this.base = `${baseUrl}/fhir`;
    this.upstreams = [upstreamUrl, ...otherUpstreamUrls];
    this.upstream = new URL(upstreamUrl);
  }

  /** The same resource as clients of Wardgate address it; what is not below the upstream stays as it is. */
  resource(url: string): string {
    const below = this.below(url);
    return below === undefined ? url : `${this.base}${below}`;
  }

  /** The same for a header, which a client follows: undefined where it leads elsewhere. */
  location(url: string): string | undefined {
    const address = this.resource(url);
    return address.startsWith(`${this.base}/`) ? address : undefined;
  }

  /** Where a link of the upstream leads, below the base that it is asked at; undefined for any other URL. */
  target(url: string): URL | undefined {
    const below = this.below(url);
    if (below === undefined) return undefined;
    const address = `${this.upstream.href.replace(/\/$/, '')}${below}`;
    const target = URL.canParse(address) ? new URL(address) : undefined;
    return target && isBelow(this.upstream, target) ? target : undefined;
  }

  /** What follows the base of the upstream in a URL, from the slash on; undefined for any other URL. */
  below(url: string): string | undefined {
    for (const upstream of this.upstreams) {
      const rest = url.startsWith(upstream) ? url.slice(upstream.length) : undefined;
      if (rest !== undefined && /^(?:[/?]|$)/.test(rest)) return rest;
    }
    return undefined;
  }
}
