import fc from 'fast-check';
import { decide } from '../../src/policy/decide.js';
import { inEvaluationOrder } from '../../src/policy/evaluation-order.js';
import { match } from '../../src/policy/matcho/match.js';
import { parsePattern } from '../../src/policy/matcho/parse-pattern.js';
import { compileRegex } from '../../src/policy/matcho/regex.js';
import { UnsupportedRegex } from '../../src/policy/matcho/regex-syntax.js';
import { parsePolicy } from '../../src/policy/parse-policy.js';
import { matchoCase } from '../support/matcho-cases.js';
import { naiveDecision } from '../support/naive-decision.js';
import { naiveMatch } from '../support/naive-matcho.js';
import { policies, request } from '../support/policy-cases.js';
import { expression, expressionText, subject } from '../support/regex-cases.js';
import { row, table } from './table.js';

const SECONDS = Number(process.env['FUZZ_SECONDS'] ?? 30);
const SEED = Number(process.env['FUZZ_SEED'] ?? Date.now() % 1_000_000);
const HANG_MS = 50;
/** Cases that are made at a time. */
const BATCH = 500;
const LONG = 20_000;

/** One kind of case: what is generated, and what must hold of it. */
interface Fuzz<Case> {
  readonly name: string;
  readonly cases: fc.Arbitrary<Case>;
  /** What is timed. */
  readonly act: (one: Case) => unknown;
  /** Whether the result is right. */
  readonly holds: (one: Case, result: unknown) => boolean;
}

const longSubject = fc
  .tuple(subject, fc.constantFrom('', '!', 'b'))
  .map(([text, end]) => (text === '' ? 'a' : text).repeat(LONG).slice(0, LONG) + end);

/** Takes an expression or refuses it; anything else that is thrown is a fault. */
function tested(source: string, text: string): boolean | undefined {
  try {
    return compileRegex(source).test(text);
  } catch (error) {
    if (error instanceof UnsupportedRegex) return undefined;
    throw error;
  }
}

const isVerdict = (result: unknown): boolean => result === undefined || typeof result === 'boolean';

function fuzzOf<Case>(fuzz: Fuzz<Case>): Fuzz<unknown> {
  return fuzz as Fuzz<unknown>;
}

const FUZZES: readonly Fuzz<unknown>[] = [
  fuzzOf({
    name: 'patterns and requests against the naive matcher',
    cases: matchoCase,
    act: ({ pattern, subject: value, context }) =>
      match(parsePattern(pattern), value, context) === undefined,
    holds: ({ pattern, subject: value, context }, result) =>
      result === naiveMatch(pattern, value, context),
  }),
  fuzzOf({
    name: 'policies and requests against the naive evaluator',
    cases: fc.tuple(policies, request),
    act: ([written, asked]) => {
      const candidates = inEvaluationOrder(written.map((policy) => parsePolicy(policy)));
      const decision = decide(candidates, asked, { administration: false });
      if (decision instanceof Promise) throw new Error('A decision without SQL waits');
      return decision.effect === 'allow' ? decision.policyId : undefined;
    },
    holds: ([written, asked], result) => result === naiveDecision(written, asked),
  }),
  fuzzOf({
    name: 'expressions on texts against ECMA 262',
    cases: fc.tuple(expression, subject),
    act: ([source, text]) => tested(source, text),
    holds: ([source, text], result) =>
      result === undefined || result === new RegExp(source, 'u').test(text),
  }),
  fuzzOf({
    name: `expressions on texts of ${LONG} characters`,
    cases: fc.tuple(expression, longSubject),
    act: ([source, text]) => tested(source, text),
    holds: (_case, result) => isVerdict(result),
  }),
  fuzzOf({
    name: 'any text as an expression',
    cases: fc.tuple(expressionText, longSubject),
    act: ([source, text]) => tested(source, text),
    holds: (_case, result) => isVerdict(result),
  }),
];

/** What became of one kind of case. */
interface Outcome {
  readonly count: number;
  readonly slowestMs: number;
  /** The first cases that broke a rule, as text. */
  readonly faults: readonly string[];
}

/**
 * Milliseconds of the processor, the least of three, so that what the collector or another process takes is
 * nobody's fault.
 */
function leastMs(act: () => unknown): number {
  let least = Infinity;
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const before = process.cpuUsage();
    act();
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1000);
  }
  return least;
}

function run({ cases, act, holds }: Fuzz<unknown>): Outcome {
  const endsAt = performance.now() + SECONDS * 1000;
  const faults: string[] = [];
  let count = 0;
  let slowestMs = 0;
  for (let batch = 0; performance.now() < endsAt && faults.length < 5; batch += 1) {
    for (const one of fc.sample(cases, { numRuns: BATCH, seed: SEED + batch })) {
      count += 1;
      const fault = faultOf(one);
      if (fault) faults.push(`${fault}: ${JSON.stringify(one).slice(0, 500)}`);
    }
  }
  return { count, slowestMs, faults };

  function faultOf(one: unknown): string | undefined {
    try {
      const startedAt = performance.now();
      const result = act(one);
      let ms = performance.now() - startedAt;
      if (ms > HANG_MS / 5) ms = leastMs(() => act(one));
      slowestMs = Math.max(slowestMs, ms);
      if (ms > HANG_MS) return `took ${ms.toFixed(0)} ms`;
      return holds(one, result) ? undefined : 'disagrees';
    } catch (error) {
      return `threw ${String(error)}`;
    }
  }
}

function main(): void {
  console.log(`${SECONDS} s each, seed ${SEED}\n`);
  const outcomes = FUZZES.map((fuzz) => ({ name: fuzz.name, ...run(fuzz) }));
  const rows = outcomes.map(({ name, count, slowestMs, faults }) =>
    row(name, String(count), slowestMs.toFixed(1), String(faults.length)),
  );
  console.log(table(['cases', 'tried', 'slowest, ms', 'faults'], rows));
  const faults = outcomes.flatMap((outcome) => outcome.faults);
  for (const fault of faults) console.log(fault);
  if (faults.length > 0) process.exitCode = 1;
}

main();
