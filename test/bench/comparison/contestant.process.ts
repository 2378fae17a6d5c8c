import { ENGINES, type Question } from './engine.js';
import { allowedBy, deniedBy, grants } from './grants.js';
import type { Answers, Order } from './contestant.js';
import { Timing, type Round } from './timing.js';

const CHECK_MS = 4000;
const CHECKED = 40;
const WARM_UP_MS = 250;
const ROUND_MS = 25;

/** One engine with one set of policies, which answers what its parent process orders. */
async function main(): Promise<void> {
  const [name = '', size = ''] = process.argv.slice(2);
  const load = await ENGINES.get(name)?.();
  if (!load) throw new Error(`unknown engine ${name}`);
  const granted = grants(Number(size));
  const begin = performance.now();
  const ask = await load(granted);
  process.send?.({ loadMs: performance.now() - begin });

  const allowed = allowedBy(granted).map(ask);
  const denied = deniedBy(granted).map(ask);
  const timings = { allowed: new Timing(allowed), denied: new Timing(denied) };
  const round = (forMs: number): Round => ({
    allowed: timings.allowed.measure(forMs),
    denied: timings.denied.measure(forMs),
  });
  const orders: Readonly<Record<Order, () => Answers | Round>> = {
    check: () => check(allowed, denied),
    warmUp: () => round(WARM_UP_MS),
    round: () => round(ROUND_MS),
  };
  process.on('message', (order) => process.send?.(orders[order as Order]()));
  // Nothing is left to do without a parent that orders it.
  process.on('disconnect', () => process.exit());
}

/** Answers to allowed and denied questions in turn, as many as there is time for. */
function check(allowed: readonly Question[], denied: readonly Question[]): Answers {
  const answers: boolean[] = [];
  const begin = performance.now();
  for (let at = 0; at < CHECKED; at += 1) {
    answers.push(allowed[at]?.() === true, denied[at]?.() === true);
    if (performance.now() - begin > CHECK_MS) break;
  }
  return { answers, meanMs: (performance.now() - begin) / answers.length };
}

await main();
