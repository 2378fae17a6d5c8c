import { PersistentMap } from '../../src/interactions/registry/persistent-map.js';
import { PolicySet } from '../../src/policy/index/policy-set.js';
import type { Policy } from '../../src/policy/policy.js';
import { policyOf } from './comparison/access-policies.js';
import type { Question } from './comparison/engine.js';
import { figureTables, type Figure, type Timed } from './comparison/figures.js';
import { allowedBy, deniedBy, grants } from './comparison/grants.js';
import { Timing, type Round } from './comparison/timing.js';
import { asking, parsed } from './comparison/wardgate.js';
import { heapAfterCollection } from './heap.js';
import { MIXES } from './mixes.js';
import { row, spread, table } from './table.js';

const SIZES = [10, 100, 1000, 10_000];
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 15);
const WARM_UP_MS = 200;
const ROUND_MS = 25;
const LOADED_SIZES = [1000, 10_000];
const LOADS = 7;
const WRITES = 20;

/** One mix of one size, ready to be asked. */
interface Contest extends Timed {
  readonly rounds: Round[];
  readonly allowed: Timing;
  readonly denied: Timing;
}

/**
 * What the decision point takes for policies of several kinds, in rounds in which the kinds take turns, and
 * what it takes to load and to change them. Prints tables and judges nothing.
 */
function main(): void {
  const contests = [...MIXES.keys()].flatMap((name) => SIZES.map((size) => contestOf(name, size)));
  for (const contest of contests) play(contest, WARM_UP_MS);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const contest of contests) contest.rounds.push(play(contest, ROUND_MS));
  }
  process.stdout.write(`${figureTables(contests)}\n${growthTable(contests)}\n${loadingTable()}\n`);
}

function contestOf(name: string, size: number): Contest {
  const mix = MIXES.get(name)?.(size);
  if (!mix) throw new Error(`no mix ${name}`);
  const ask = asking(PolicySet.of(parsed(mix.policies)));
  return {
    name,
    size,
    failure: '',
    rounds: [],
    allowed: new Timing(answering(true, allowedBy(mix.granted).map(ask))),
    denied: new Timing(answering(false, deniedBy(mix.granted).map(ask))),
  };
}

function answering(right: boolean, questions: readonly Question[]): readonly Question[] {
  if (questions.some((question) => question() !== right)) throw new Error('decided otherwise');
  return questions;
}

function play({ allowed, denied }: Contest, forMs: number): Round {
  return { allowed: allowed.measure(forMs), denied: denied.measure(forMs) };
}

/** How much longer a decision takes among the most policies than among the fewest, round by round. */
function growthTable(contests: readonly Contest[]): string {
  const rows = [...MIXES.keys()].map((mix) => {
    const own = contests.filter(({ name }) => name === mix);
    const [few, many] = [own[0]?.rounds ?? [], own.at(-1)?.rounds ?? []];
    const growthOf = (figure: Figure) =>
      spread(
        few.flatMap((round, at) =>
          many.slice(at, at + 1).map((same) => figure(same) / figure(round)),
        ),
        2,
      );
    return row(
      mix,
      growthOf(({ allowed }) => allowed.p50),
      growthOf(({ denied }) => denied.p50),
    );
  });
  const [least, most] = [SIZES[0], SIZES.at(-1)].map((size) => size?.toLocaleString('en'));
  return `${table([`p50 of ${most} to ${least}`, 'allowed', 'denied'], rows)}\n`;
}

const LOADING_FIGURES: readonly ((loading: Loading) => number)[] = [
  ({ parseMs }) => parseMs,
  ({ indexMs }) => indexMs,
  ({ writeMs }) => writeMs,
  ({ kibibytes }) => kibibytes,
];

function loadingTable(): string {
  const loads = Array.from({ length: LOADS }, () => LOADED_SIZES.map(loadingOf));
  const rows = LOADED_SIZES.map((size, at) => {
    const loadings = loads.flatMap((load) => load[at] ?? []);
    const cells = LOADING_FIGURES.map((figure) => spread(loadings.map(figure), 2));
    return row(size.toLocaleString('en'), ...cells);
  });
  const heads = [
    'processor time',
    'parse all, ms',
    'index all, ms',
    'one write, ms',
    'KiB a policy',
  ];
  return `${table(heads, rows)}\n`;
}

/** In ms of processor time, which tells more than the clock where others compute, too. */
interface Loading {
  readonly parseMs: number;
  readonly indexMs: number;
  readonly writeMs: number;
  /** On the heap for each policy, its place in the index included. */
  readonly kibibytes: number;
}

function loadingOf(size: number): Loading {
  const sources = grants(size).map(policyOf);
  const heapBefore = heapAfterCollection();
  const begin = processorMs();
  const policies = parsed(sources);
  const parsedAt = processorMs();
  const set = PolicySet.of(policies);
  const indexedAt = processorMs();
  const heap = heapAfterCollection() - heapBefore;
  return {
    parseMs: parsedAt - begin,
    indexMs: indexedAt - parsedAt,
    writeMs: msOfWrite(set, policies),
    kibibytes: heap / 1024 / size,
  };
}

/** One policy written again, as the registry does it: with a new map that shares all but what changed. */
function msOfWrite(set: PolicySet, policies: ReadonlyMap<string, Policy>): number {
  const written = [...policies.values()].slice(0, WRITES);
  let now = PersistentMap.of(policies);
  let current = set.changedTo(now);
  const begin = processorMs();
  for (const policy of written) {
    const changed = new Map([[policy.id, { ...policy }]]);
    now = now.with(changed);
    current = current.changedTo(now, changed.keys());
  }
  return (processorMs() - begin) / written.length;
}

function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

main();
