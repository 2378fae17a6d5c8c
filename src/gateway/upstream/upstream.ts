import type { Readable } from 'node:stream';
import type { GuardedRequest } from '../../access/guarded-request.js';

/** The methods of FHIR's RESTful API. */
export type UpstreamMethod = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** A request for the upstream, built from what was understood and decided; never a copy of what came. */
export interface UpstreamRequest {
  readonly method: UpstreamMethod;
  /** Below the upstream's base: segments, encoded when sent. `[]` is the base itself. */
  readonly path: readonly string[];
  /** Pairs in order, encoded when sent. */
  readonly query: readonly (readonly [name: string, value: string])[];
  /** Lower-case names of the allow-list, see `passedHeaders()`: `if-match`, `prefer`, `content-type`, … */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** What the upstream has given out itself, such as a page: an absolute URL below its base. */
export interface UpstreamPage {
  readonly url: URL;
  /** GET unless said. */
  readonly method?: 'GET' | 'DELETE';
  /** As those of an {@link UpstreamRequest}. */
  readonly headers?: UpstreamRequest['headers'];
}

/** What the upstream answered, its body not yet read. Whoever gets it reads or destroys the body. */
export interface UpstreamAnswer {
  readonly status: number;
  /** Lower-case names, as the upstream sent them. */
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: Readable;
}

/** The FHIR server behind the gateway (spec §9). */
export abstract class Upstream {
  /**
   * Sends a request that was decided, under Wardgate's own authentication, and hands on the answer as
   * soon as its headers are there. Redirects are not followed.
   *
   * @param forWhom whose request it is, for what is told to the upstream about the caller
   * @param signal ends it: the client is gone
   * @throws ClientGone where it was ended; FhirError 502 where the upstream cannot be reached or breaks HTTP, 503 with `Retry-After` where
   * it is left alone for a moment or too many wait, 504 where it takes too long, waiting included
   */
  abstract send(
    request: UpstreamRequest | UpstreamPage,
    forWhom: GuardedRequest,
    signal: AbortSignal,
  ): Promise<UpstreamAnswer>;

  /**
   * Asks beside all other requests, on a connection of its own and for nobody.
   *
   * @param timeoutMs milliseconds that all of it may take, the end of a short answer included
   * @returns the status
   * @throws FhirError as {@link send}
   */
  abstract probe(request: UpstreamRequest, timeoutMs: number): Promise<number>;
}
