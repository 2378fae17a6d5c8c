import { parseArgs } from 'node:util';
import { attempt } from './attempts.mjs';
import { filesWithMutants, MUTATED, sample, specsFor } from './plan.mjs';
import { profilesOf, runsByMutant } from './profiles.mjs';
import {
  readEquivalents,
  readOutcomes,
  staleEquivalents,
  survivors,
  table,
  writeOutcomes,
} from './report.mjs';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    share: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
    survivors: { type: 'boolean', default: false },
    without: { type: 'string' },
    continue: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    workers: { type: 'string', default: '1' },
    report: { type: 'boolean', default: false },
  },
});

/** After how many mutants outcomes are written, all of which takes some milliseconds. */
const EVERY = 25;

process.chdir(`${import.meta.dirname}/../..`);
const places = positionals.length > 0 ? positionals : MUTATED;
const files = filesWithMutants();
const mutants = files
  .flatMap((file) => file.mutants)
  .filter(({ file }) => places.some((place) => file.startsWith(place)));
const equivalents = readEquivalents();
const outcomes = readOutcomes();
const leftOut = options.without && new RegExp(options.without);

/** What is tried now: a sample, or what survived the last time. */
function selected() {
  if (options.report) return [];
  const sampled = sample(mutants, Number(options.share), options.seed);
  const isLeft = ({ key }) => !outcomes[key] || (outcomes[key].inTrials && !options.quick);
  if (options.continue) return sampled.filter(isLeft);
  if (!options.survivors) return sampled;
  const isOpen = ({ key }) => /survived|not reached/.test(outcomes[key]?.status);
  return mutants.filter(isOpen).filter(({ key }) => !Object.hasOwn(equivalents, key));
}

async function tryMutants(chosen) {
  const specs = specsFor(places).filter((spec) => !leftOut?.test(spec));
  const { base, mutants: lastMutants } = files.at(-1);
  const bases = Object.fromEntries(files.map((file) => [file.file, file.base]));
  const plan = { specs, bases, size: base + lastMutants.length, workers: Number(options.workers) };
  const runs = runsByMutant(await profilesOf(specs, plan), chosen);
  const keys = new Map(chosen.map(({ id, key }) => [id, key]));
  for (const [id, { length }] of [...runs]) {
    if (length > 0) continue;
    outcomes[keys.get(id)] = { status: 'not reached' };
    runs.delete(id);
  }
  let done = 0;
  await attempt(plan, runs, options.quick, (id, outcome) => {
    outcomes[keys.get(id)] = outcome;
    done += 1;
    if (done % EVERY !== 0) return;
    writeOutcomes(outcomes);
    process.stderr.write(`${String(done)} of ${String(runs.size)}\n`);
  });
  writeOutcomes(outcomes);
}

const chosen = selected();
if (chosen.length > 0) await tryMutants(chosen);
console.log(survivors(mutants, outcomes, equivalents).join('\n'));
console.log(`\n${table(mutants, outcomes, equivalents)}`);
const stale = staleEquivalents(files.flatMap((file) => file.mutants), equivalents); // prettier-ignore
if (stale.length > 0) {
  console.error(`\nExplained, but no longer there:\n${stale.join('\n')}`);
  process.exitCode = 1;
}
