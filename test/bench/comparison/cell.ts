import { Contestant, NotLoaded } from './contestant.js';
import type { Timed } from './figures.js';
import type { Round } from './timing.js';

/** One engine with one number of policies. */
export interface Cell extends Timed {
  /** `undefined` for an engine that takes no part. */
  readonly contestant: Contestant | undefined;
  readonly answers: readonly boolean[];
  readonly rounds: Round[];
}

/** Whoever takes longer for one decision is not asked again. */
const MAX_DECISION_MS = 1000;

/**
 * Loads an engine and lets it answer some questions.
 *
 * @param expected the right answers, as far as they are known.
 * @throws Error when it answers otherwise.
 */
export async function cellOf(
  engine: string,
  size: number,
  expected: readonly boolean[],
): Promise<Cell> {
  const cell = { name: engine, size, answers: [], rounds: [] };
  const contestant = await started(engine, size);
  if (typeof contestant === 'string') {
    return { ...cell, contestant: undefined, failure: contestant };
  }
  const { answers, meanMs } = await contestant.check();
  const isOther = expected.some((right, at) => at < answers.length && answers[at] !== right);
  if (isOther || answers.length === 0) throw new Error(`${engine} decides otherwise at ${size}`);
  if (meanMs <= MAX_DECISION_MS) {
    await contestant.warmUp();
    return { ...cell, answers, contestant, failure: '' };
  }
  contestant.stop();
  const failure = `${(meanMs / 1000).toFixed(1)} s a decision`;
  return { ...cell, answers, contestant: undefined, failure };
}

async function started(engine: string, size: number): Promise<Contestant | string> {
  try {
    return await Contestant.start(engine, size);
  } catch (error) {
    if (!(error instanceof NotLoaded)) throw error;
    return `not loaded: ${error.message}`;
  }
}
