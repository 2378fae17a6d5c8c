import { parseArgs } from 'node:util';
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
import { runPlan } from './workers.mjs';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    share: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
    survivors: { type: 'boolean', default: false },
    without: { type: 'string' },
    continue: { type: 'boolean', default: false },
    report: { type: 'boolean', default: false },
  },
});

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
  if (options.continue) return sampled.filter(({ key }) => outcomes[key] === undefined);
  if (!options.survivors) return sampled;
  const isOpen = ({ key }) => /survived|not reached/.test(outcomes[key]?.status);
  return mutants.filter(isOpen).filter(({ key }) => !Object.hasOwn(equivalents, key));
}

async function tryMutants(chosen) {
  const specs = specsFor(places).filter((spec) => !leftOut?.test(spec));
  const { base, mutants: lastMutants } = files.at(-1);
  const bases = Object.fromEntries(files.map((file) => [file.file, file.base]));
  const plan = { specs, bases, size: base + lastMutants.length };
  const runs = runsByMutant(await profilesOf(specs, plan), chosen);
  const byId = new Map(chosen.map((mutant) => [mutant.id, mutant]));
  const isReached = ({ id }) => runs.get(id).length > 0;
  for (const mutant of chosen) {
    if (!isReached(mutant)) outcomes[mutant.key] = { status: 'not reached' };
  }
  const items = chosen.filter(isReached).map(({ id }) => ({ id, runs: runs.get(id) }));
  let done = 0;
  await runPlan({ ...plan, phase: 'mutants' }, 'mutants', items, ({ id, status, spec }) => {
    outcomes[byId.get(id).key] = { status, spec };
    writeOutcomes(outcomes);
    done += 1;
    if (done % 50 === 0) process.stderr.write(`${String(done)} of ${String(items.length)}\n`);
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
