import type { DecisionTrace, TracedDecision } from './decision-trace.js';
import { traceText, type TraceLimits } from './trace-view.js';

/** A denial as a row. */
export interface StoredDenial {
  readonly requestId: string;
  readonly atMs: number;
  readonly isKnown: boolean;
  /** The trace as JSON. */
  readonly text: string;
}

const MAX_CHARACTERS = 65_536;

/** From what is wanted to what always fits. */
const LIMITS: readonly TraceLimits[] = [
  { considered: 100, skipped: 50 },
  { considered: 10, skipped: 10 },
  { considered: 1, skipped: 0 },
];

/**
 * Whether somebody who authenticated was denied, and not just anybody. Denials that were only asked about
 * (AuthZEN) are many, and must not push these out.
 */
export function isOfKnownCaller({ caller, request }: DecisionTrace): boolean {
  return request.evaluation === undefined && caller !== undefined && caller.kind !== 'anonymous';
}

/** Renders a denial; of one with many or large policies fewer are listed. */
export function storedTrace(denial: TracedDecision): StoredDenial {
  const { trace } = denial;
  const { requestId, atMs } = trace;
  let text = '';
  for (const limits of LIMITS) {
    text = traceText(denial, limits);
    if (text.length <= MAX_CHARACTERS) break;
  }
  return { requestId, atMs, isKnown: isOfKnownCaller(trace), text };
}

/** When it was denied, as PostgreSQL reads it. */
export function deniedAt({ atMs }: StoredDenial): string {
  return new Date(atMs).toISOString();
}
