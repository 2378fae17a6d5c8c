import type { Decision, Evaluation } from '../../policy/decide.js';
import { excerptOf } from './excerpt.js';
import type { KeptRequest } from './kept-request.js';

/** A decision as it can be remembered. */
export interface KeptDecision {
  readonly decision: Decision;
  /** Evaluations that were left out because there are many. */
  readonly consideredMore: number;
  /** About what request and decision take together, in bytes. */
  readonly bytes: number;
}

const MAX_CONSIDERED = 100;
const EVALUATION_BYTES = 160;
/** A value that was found in a request which is not kept as it is. */
const FOUND_BYTES = 1_024;
const FOUND = { nodes: 40, characters: 512 };

/**
 * A decision without anything large in it.
 *
 * @param kept the request it is about: what a mismatch found is a part of it, and large only if it is
 */
export function keepDecision(decision: Decision, kept: KeptRequest): KeptDecision {
  const { considered } = decision;
  const count = Math.min(considered.length, MAX_CONSIDERED);
  const consideredMore = considered.length - count;
  if (!kept.isCopy && consideredMore === 0) {
    return { decision, consideredMore, bytes: kept.bytes + count * EVALUATION_BYTES };
  }
  const first = considered.slice(0, count);
  const bytes = kept.bytes + count * (EVALUATION_BYTES + (kept.isCopy ? FOUND_BYTES : 0));
  const shown = kept.isCopy ? first.map(detached) : first;
  return { decision: { ...decision, considered: shown }, consideredMore, bytes };
}

/** The same without the request that a found value is a part of. */
function detached(evaluation: Evaluation): Evaluation {
  if (evaluation.outcome !== 'fails') return evaluation;
  const { path, expected, but } = evaluation.mismatch;
  const found = excerptOf({ path, but }, FOUND).value as unknown as Pick<
    typeof evaluation.mismatch,
    'path' | 'but'
  >;
  return { ...evaluation, mismatch: { expected, ...found } };
}
