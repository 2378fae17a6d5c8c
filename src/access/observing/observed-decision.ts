import type { AccessRequest } from '../../policy/access-request.js';
import type { Decision } from '../../policy/decide.js';

/** A decision that was made, for those who look at it afterwards. */
export interface ObservedDecision {
  readonly requestId: string;
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** In a word, as in the log. */
  readonly caller: string;
  readonly request: AccessRequest;
  readonly decision: Decision;
  /** Whether a policy that decided had to speak of administration. */
  readonly administration: boolean;
}
