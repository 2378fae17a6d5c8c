import { runPlan } from './workers.mjs';

/**
 * Tries mutants: first many at a time, in one load of a spec in which only tests reach them, one spec after the
 * other until one notices; then what is left, each in loads of its own. What a load keeps, such as the cache of a
 * module, may hide a mutant from a trial; so only the second way can say that it survived.
 *
 * @param {object} plan for the workers
 * @param {Map<number, object[]>} runs those that could kill a mutant, at least one: its number → runs
 * @param {boolean} isQuick leaves the specs of trials out of the second way; what survives then is `inTrials`
 * @param {(id: number, outcome: {status: string, spec?: string, inTrials?: boolean}) => void} onOutcome called
 *   once for each mutant
 */
export async function attempt(plan, runs, isQuick, onOutcome) {
  const open = new Map(runs);
  await tryTogether(plan, open, ({ id, status, spec }) => {
    if (status === 'open') return;
    open.delete(id);
    onOutcome(id, { status, spec });
  });
  const items = [];
  for (const [id, all] of open) {
    const alone = isQuick ? all.filter(({ inside }) => inside === undefined) : all;
    if (alone.length > 0) items.push({ id, runs: alone });
    else onOutcome(id, { status: 'survived', inTrials: true });
  }
  await runPlan({ ...plan, phase: 'mutants' }, 'mutants', items, ({ id, status, spec }) => {
    const wasInTrials = isQuick && runs.get(id).some(({ inside }) => inside);
    const inTrials = status === 'survived' && wasInTrials;
    onOutcome(id, { status, spec, ...(inTrials && { inTrials }) });
  });
}

/** Processor time up to which a spec is not put off because its tests take longer than those of others. */
const SHORT_MS = 100;

/** Every mutant that is still open in the first of its specs, then in the second, and so on. */
async function tryTogether(plan, open, onResult) {
  const left = new Map([...open].map(([id, runs]) => [id, quickestFirst(runs)]));
  for (;;) {
    const items = [...open.keys()].flatMap((id) => {
      const [{ spec, hits, inside } = {}] = left.get(id).splice(0, 1);
      return inside ? [{ id, spec, hits, ...inside }] : [];
    });
    if (items.length === 0) return;
    process.stderr.write(`${String(items.length)} in trials\n`);
    await runPlan({ ...plan, phase: 'trial' }, 'mutants', items, onResult);
  }
}

function quickestFirst(runs) {
  const costOf = ({ inside }) => Math.max(inside.ms, SHORT_MS);
  return runs.filter(({ inside }) => inside).sort((one, other) => costOf(one) - costOf(other));
}
