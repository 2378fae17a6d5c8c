import type { Demand } from './demand.js';

/** So few policies are asked faster than told apart. */
export const SMALL = 4;

/** A demand that a policy could be filed under. */
export interface Choice {
  readonly demand: Demand;
  /** How many policies it leads to. */
  readonly sharers: number;
  /** By how many values its feature tells policies apart. */
  readonly values: number;
}

/**
 * The demand to file a policy under: of those that not many more share than the fewest, the one whose feature has
 * the most values.
 *
 * Each feature by which anything is filed costs every request a look, which some policies more at the end of the
 * way do not: were it always the fewest, chance would choose among features that each do.
 */
export function chosen(choices: readonly Choice[]): Demand | undefined {
  const least = choices.reduce(
    (fewest, { sharers }) => Math.min(fewest, sharers),
    Number.POSITIVE_INFINITY,
  );
  const few = 2 * Math.max(SMALL, least);
  let best: Choice | undefined;
  for (const choice of choices) {
    if (choice.sharers <= few && !(best && best.values >= choice.values)) best = choice;
  }
  return best?.demand;
}
