import { row, spread, table } from '../table.js';
import type { Round } from './timing.js';

/** What is known of somebody who decides by some number of policies. */
export interface Timed {
  readonly name: string;
  readonly size: number;
  /** Why there are no rounds; empty if there are. */
  readonly failure: string;
  readonly rounds: readonly Round[];
}

/** Picks a figure of a round. */
export type Figure = (round: Round) => number;

const FIGURES: readonly (readonly [title: string, figure: Figure])[] = [
  ['allowed, p50 in µs', ({ allowed }) => allowed.p50],
  ['allowed, p99 in µs', ({ allowed }) => allowed.p99],
  ['denied, p50 in µs', ({ denied }) => denied.p50],
  ['denied, p99 in µs', ({ denied }) => denied.p99],
];

/** One Markdown table for each figure, names down and sizes across; median and range of the rounds. */
export function figureTables(cells: readonly Timed[]): string {
  return FIGURES.map(([title, figure]) =>
    matrix(title, cells, ({ failure, rounds }) => failure || spreadOf(rounds.map(figure))),
  ).join('\n');
}

/** A Markdown table, names down and sizes across. */
export function matrix<C extends Timed>(
  title: string,
  cells: readonly C[],
  textOf: (cell: C) => string,
): string {
  const sizes = [...new Set(cells.map(({ size }) => size))];
  const names = [...new Set(cells.map(({ name }) => name))];
  const rows = names.map((name) =>
    row(name, ...cells.filter((cell) => cell.name === name).map(textOf)),
  );
  return `${table([title, ...sizes.map((size) => size.toLocaleString('en'))], rows)}\n`;
}

/** The middle of some values. */
export function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** With digits enough for two significant ones. */
function spreadOf(values: readonly number[]): string {
  const middle = median(values);
  if (middle >= 100) return spread(values, 0);
  return spread(values, middle >= 10 ? 1 : 2);
}
