import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { digest, filesBelow } from './plan.mjs';
import { OUTPUT, runPlan } from './workers.mjs';

const KEPT = join(OUTPUT, 'profiles.json');

/** Processor time by which a spec in another folder may be quicker and is still tried later. */
const FAR_MS = 2000;

/**
 * What each spec reaches, learned by running it without a mutant; kept for as long as neither the spec nor
 * what it could import changes.
 *
 * @throws Error when a spec fails, which would kill every mutant.
 */
export async function profilesOf(specs, plan) {
  const common = digest(...commonFiles().map((file) => readFileSync(file, 'utf8')));
  const keyOf = (spec) => digest(common, readFileSync(spec, 'utf8'));
  const kept = existsSync(KEPT) ? JSON.parse(readFileSync(KEPT, 'utf8')) : {};
  const missing = specs.filter((spec) => kept[spec]?.key !== keyOf(spec));
  const items = missing.map((spec) => ({ id: spec }));
  await runPlan({ ...plan, phase: 'profile' }, 'specs', items, (profile) => {
    if (!profile.hasPassed) {
      const spec = profile.spec ?? profile.id;
      throw new Error(`${spec} fails without a mutant: ${profile.failure ?? profile.status}`);
    }
    kept[profile.spec] = { ...profile, key: keyOf(profile.spec) };
    writeFileSync(KEPT, JSON.stringify(kept));
    process.stderr.write(`${profile.spec} ${String(profile.ms)} ms\n`);
  });
  return specs.map((spec) => kept[spec]);
}

/**
 * The runs that could kill each mutant: specs beside it first, then the quickest: mutant → runs. A run's `inside`
 * is there when only tests reach the mutant: which ones, their processor time, and what the longest took.
 */
export function runsByMutant(profiles, mutants) {
  const found = new Map(mutants.map(({ id }) => [id, []]));
  for (const profile of profiles) {
    for (const [id, run] of runsOf(profile)) found.get(id)?.push(run);
  }
  for (const { id, file } of mutants) {
    const costOf = ({ spec, ms }) => (dirname(spec) === dirname(file) ? 0 : FAR_MS) + ms;
    found.get(id).sort((one, other) => costOf(one) - costOf(other));
  }
  return found;
}

function* runsOf({ spec, ms, isDivisible, outside, tests, totals }) {
  const testMs = tests.reduce((sum, test) => sum + test.ms, 0);
  const always = new Set(outside);
  const testsOf = new Map();
  for (const [ordinal, { reached }] of tests.entries()) {
    for (const id of reached) testsOf.set(id, [...(testsOf.get(id) ?? []), ordinal]);
  }
  for (const [id, hits] of totals) {
    const reaching = always.has(id) ? undefined : testsOf.get(id);
    const inside = reaching && insideOf(reaching, tests);
    const wanted = isDivisible ? reaching : undefined;
    yield [id, { spec, hits, tests: wanted, ms: wanted ? ms - testMs + inside.ms : ms, inside }];
  }
}

function insideOf(ordinals, tests) {
  const ms = ordinals.reduce((sum, at) => sum + tests[at].ms, 0);
  return { tests: ordinals, ms, tookMs: Math.max(...ordinals.map((at) => tests[at].tookMs)) };
}

function commonFiles() {
  const folders = ['src', 'test/support', 'test/vectors'].flatMap(filesBelow);
  const makers = filesBelow('scripts/mutation').filter((file) => /mutants|instrument/.test(file));
  return [...folders, ...makers].filter((file) => !file.endsWith('.spec.ts'));
}
