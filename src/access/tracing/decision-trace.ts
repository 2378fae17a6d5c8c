import type { Caller } from '../../identity/caller.js';
import type { Decision } from '../../policy/decide.js';
import type { PolicySet } from '../../policy/index/policy-set.js';
import type { Credential } from '../http/credential.js';
import type { KeptRequest } from './kept-request.js';

/** What a trace says of the caller besides what policies see. */
export interface TracedCaller {
  readonly kind: Caller['kind'];
  readonly introspectorId?: string | undefined;
  readonly authenticatedBy?: Caller['authenticatedBy'] | undefined;
}

/** How far a request came that was refused by something else than the policies. */
export type Stage =
  /** The instance could not confirm that it knows the current configuration. */
  | 'configuration'
  /** No credential could be read. */
  | 'credential'
  /** A credential was read and does not authenticate. */
  | 'authentication'
  /** The caller is known, and what is asked for cannot be read. */
  | 'request'
  /** Of an evaluation (AuthZEN): the User or Client it is about is unknown or inactive. */
  | 'subject'
  /** The policies allow it, but it takes an administrator. */
  | 'administrator';

interface TraceBase extends KeptRequest {
  readonly requestId: string;
  readonly atMs: number;
}

/** What is remembered of one decision by policies. Rendered only when somebody asks. */
export interface DecidedTrace extends TraceBase {
  readonly kind: 'decided';
  readonly caller: TracedCaller;
  readonly decision: Decision;
  /** Whether a policy that decides had to speak of administration. */
  readonly administration: boolean;
  /** Policies that were considered beyond those that the decision here names. */
  readonly consideredMore: number;
  /** Number of the policies at that moment, see `DecisionTraces.policiesOf`. */
  readonly snapshot: number;
}

/** What is remembered of a request that was refused by something else than the policies. */
export interface RefusedTrace extends TraceBase {
  readonly kind: 'refused';
  readonly stage: Stage;
  /** Under which the credential was presented, as far as it was read. */
  readonly scheme: Credential['scheme'] | undefined;
  /** Whether somebody known sent it. */
  readonly caller: TracedCaller | undefined;
  readonly error: unknown;
}

/** What is remembered of one decision. */
export type DecisionTrace = DecidedTrace | RefusedTrace;

/** A trace with the policies that it speaks of, while they are held. */
export interface TracedDecision {
  readonly trace: DecisionTrace;
  readonly policies: PolicySet | undefined;
}

/** Whether the request was not let through by this decision. */
export function isDenial(trace: DecisionTrace): boolean {
  return trace.kind === 'refused' || trace.decision.effect === 'deny';
}
