import { writeFile } from 'node:fs/promises';
import { cellOf, type Cell } from './comparison/cell.js';
import { ENGINES } from './comparison/engine.js';
import { figureTables, matrix, median, type Figure } from './comparison/figures.js';
import { logLogPlot, type Line } from './comparison/log-log-plot.js';

const SIZES = [10, 100, 1000, 10_000, 100_000];
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 15);
const PLOT = process.env['BENCH_PLOT'] ?? 'docs/decisions.svg';
const MAIN = 'Wardgate';

/**
 * The same decisions by several engines, each with each number of policies in a process of its own, in
 * alternating rounds. Prints tables, draws a plot and judges nothing but that all decide the same.
 */
async function main(): Promise<void> {
  const cells: Cell[] = [];
  try {
    for (const size of SIZES) await addContestants(cells, size);
    await play(cells);
  } finally {
    for (const { contestant } of cells) contestant?.stop();
  }
  const loading = matrix('loading, ms', cells, ({ contestant, failure }) =>
    contestant ? contestant.loadMs.toFixed(1) : failure,
  );
  const checked = matrix('decisions checked', cells, ({ answers }) => String(answers.length));
  process.stdout.write([figureTables(cells), loading, checked].join('\n'));
  await writeFile(PLOT, plotOf(cells));
}

async function addContestants(cells: Cell[], size: number): Promise<void> {
  let expected: readonly boolean[] = [];
  for (const engine of ENGINES.keys()) {
    const cell = await cellOf(engine, size, expected);
    if (expected.length === 0) expected = cell.answers;
    cells.push(cell);
    process.stderr.write(`${engine}, ${size} policies: ${cell.failure || 'ready'}\n`);
  }
}

async function play(cells: readonly Cell[]): Promise<void> {
  for (let round = 0; round < ROUNDS; round += 1) {
    // Whoever comes after an engine that fills the caches is another one each time.
    const first = (round * 7) % cells.length;
    for (const { contestant, rounds } of [...cells.slice(first), ...cells.slice(0, first)]) {
      if (contestant) rounds.push(await contestant.round());
    }
  }
}

function plotOf(cells: readonly Cell[]): string {
  const title = 'Time of a decision by the number of policies, median of all rounds';
  const panels = [
    { title: 'allowed', lines: linesOf(cells, ({ allowed }) => allowed.p50) },
    { title: 'denied', lines: linesOf(cells, ({ denied }) => denied.p50) },
  ];
  return logLogPlot(title, ['policies', 'p50 of a decision'], panels);
}

function linesOf(cells: readonly Cell[], figure: Figure): readonly Line[] {
  return [...ENGINES.keys()].map((engine) => ({
    name: engine,
    isMain: engine === MAIN,
    points: cells
      .filter(({ name, rounds }) => name === engine && rounds.length > 0)
      .map(({ size, rounds }) => [size, median(rounds.map(figure))] as const),
  }));
}

await main();
