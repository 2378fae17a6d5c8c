/** Throws a die with as many sides: a whole number from 0 on. */
export type Dice = (sides: number) => number;

/** Dice that fall the same for the same seed, on every machine and in every version. */
export function diceOf(seed: number): Dice {
  let state = seed >>> 0;
  return (sides) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}
