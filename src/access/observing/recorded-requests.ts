import type { AccessRequest } from '../../policy/access-request.js';

/** A request that was decided lately. */
export interface RecordedRequest {
  readonly requestId: string;
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** In a word, as in the log. */
  readonly caller: string;
  /** What policies saw, without credentials and the secrets of a body. */
  readonly request: AccessRequest;
  /** Whether its body was too large to be kept, so that what policies say of it cannot be told again. */
  readonly isBodyLeftOut: boolean;
  readonly effect: 'allow' | 'deny';
  /** Whether a policy that decides must speak of administration. */
  readonly administration: boolean;
}

/** Requests that were decided lately, to try policies on. */
export abstract class RecordedRequests {
  /** The newest first. */
  abstract recent(): readonly RecordedRequest[];
}
