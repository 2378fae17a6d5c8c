import { Injectable } from '@nestjs/common';
import { FhirError } from '../../errors/fhir-error.js';
import type { Answer } from '../../interactions/http/answer.js';
import { GatewaySettings } from '../gateway-settings.js';
import { callerKey } from '../paging/caller-key.js';
import {
  Upstream,
  type UpstreamAnswer,
  type UpstreamPage,
  type UpstreamRequest,
} from '../upstream/upstream.js';
import { ChangeUnconfirmed } from '../upstream/upstream-errors.js';
import { HeldRoom } from './held-room.js';
import { isChange } from './is-change.js';
import type { Passage } from './passage.js';
import { readAnswer } from './read-answer.js';
import type { PassOptions } from './pass-options.js';
import { passedAnswer } from './passed-answer.js';

/** Takes requests that were decided to the upstream, and makes its answers those of Wardgate. */
@Injectable()
export class Passing {
  private readonly held = new HeldRoom();

  constructor(
    private readonly upstream: Upstream,
    private readonly settings: GatewaySettings,
  ) {}

  /**
   * The answer of the upstream: status, the headers that may pass, and the body as it comes, its links
   * rewritten where the options say that it has any. Where it turns out not to be what the options expect, it
   * ends before it is whole.
   *
   * @throws FhirError 502, 503 or 504 as {@link Upstream.send} does, and 502 for an answer that is no FHIR, or
   * not what the options expect; ChangeUnconfirmed 502 or 504 for such an answer to a change
   */
  async pass(
    request: UpstreamRequest | UpstreamPage,
    passage: Passage,
    options: PassOptions,
  ): Promise<Answer> {
    const { origin, signal } = passage;
    const answer = await this.upstream.send(request, origin, signal);
    try {
      return await this.hand(answer, passage, options);
    } catch (error) {
      throw answer.status < 300 && isChange(request) ? unconfirmed(error) : error;
    }
  }

  /** The same of an answer that is there already. */
  async hand(
    answer: UpstreamAnswer,
    { isForYaml, method, origin }: Passage,
    options: PassOptions,
  ): Promise<Answer> {
    // The answer to a HEAD has nothing to be read.
    const read = method === 'HEAD' && options.expected ? { links: options.links } : options;
    const { bodyTimeoutMs, selfLink } = this.settings;
    const room = this.held.open(callerKey(origin.caller));
    const passed = await passedAnswer(answer, read, { bodyTimeoutMs, selfLink, room });
    return isForYaml ? readAnswer(passed) : passed;
  }
}

function unconfirmed(error: unknown): unknown {
  return error instanceof FhirError ? new ChangeUnconfirmed(error) : error;
}
