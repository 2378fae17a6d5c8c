import { Injectable } from '@nestjs/common';
import type { Answer } from '../../interactions/http/answer.js';
import { GatewaySettings } from '../gateway-settings.js';
import {
  Upstream,
  type UpstreamAnswer,
  type UpstreamPage,
  type UpstreamRequest,
} from '../upstream/upstream.js';
import type { Passage } from './passage.js';
import { readAnswer } from './read-answer.js';
import { passedAnswer, type PassOptions } from './passed-answer.js';

/** Takes requests that were decided to the upstream, and makes its answers those of Wardgate. */
@Injectable()
export class Passing {
  constructor(
    private readonly upstream: Upstream,
    private readonly settings: GatewaySettings,
  ) {}

  /**
   * The answer of the upstream: status, the headers that may pass, and the body as it comes, its links
   * rewritten where the options say that it has any.
   *
   * @throws FhirError 502, 503 or 504 as {@link Upstream.send} does, and 502 for an answer that is no FHIR
   */
  async pass(
    request: UpstreamRequest | UpstreamPage,
    passage: Passage,
    options: PassOptions,
  ): Promise<Answer> {
    const { origin, signal } = passage;
    return this.hand(await this.upstream.send(request, origin, signal), passage, options);
  }

  /** The same of an answer that is there already. */
  async hand(
    answer: UpstreamAnswer,
    { isForYaml }: Passage,
    options: PassOptions,
  ): Promise<Answer> {
    const passed = await passedAnswer(answer, options, this.settings.bodyTimeoutMs);
    return isForYaml ? readAnswer(passed) : passed;
  }
}
