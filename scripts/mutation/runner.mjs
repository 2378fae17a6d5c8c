import { appendFileSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import jestRunner from 'jest-runner';
import { cpuMs, Profile, switchboard } from './switchboard.mjs';

const TestRunner = jestRunner.default ?? jestRunner;

/** Memory of contexts is not all given back; a process that holds this much makes way for another. */
const MAX_RESIDENT_BYTES = 1.5 * 2 ** 30;

/** A mutant is endless when it is reached this many times as often as the same place without it. */
const MAX_HITS_FACTOR = 100;
const MIN_MAX_HITS = 100_000;

/** Processor time of all its tests for which a spec is run whole. */
const SHORT_SPEC_MS = 500;

/**
 * Jest's runner of one process: specs without a mutant, to learn what they reach, or each mutant of the plan with
 * the specs that reach it until one fails. Writes a line of JSON for everything that begins or ends; the process
 * that reads them sees what hangs.
 */
class MutationRunner extends TestRunner {
  async runTests(tests, watcher) {
    // What a mutant leaves behind must not end the runs of the next ones.
    process.on('unhandledRejection', () => undefined);
    const plan = JSON.parse(readFileSync(process.env.WARDGATE_MUTATION_PLAN, 'utf8'));
    this.report = (line) => appendFileSync(plan.results, `${JSON.stringify(line)}\n`);
    this.watcher = watcher;
    this.specs = new Map(tests.map((test) => [relative(process.cwd(), test.path), test]));
    if (plan.phase === 'profile') await this.#profile(plan);
    else await this.#tryMutants(plan.mutants);
  }

  on() {
    return () => undefined;
  }

  async #profile({ specs, size }) {
    for (const spec of specs) {
      this.report({ begun: spec });
      const profile = new Profile(size);
      const startedAt = cpuMs();
      const hasPassed = await this.#passes(spec, { profile });
      const ms = cpuMs() - startedAt;
      const isDivisible = hasPassed && (await this.#isDivisible(spec, profile));
      const failure = hasPassed ? undefined : this.failure;
      this.report({ spec, hasPassed, failure, isDivisible, ms, ...asJson(profile) });
    }
  }

  /** Whether it pays to leave tests out, and one may: each half passes without the other. */
  async #isDivisible(spec, { tests }) {
    if (tests.length < 2 || tests.reduce((sum, { ms }) => sum + ms, 0) < SHORT_SPEC_MS)
      return false;
    for (const parity of [0, 1]) {
      this.report({ begun: spec });
      const half = tests.map((_, index) => index).filter((index) => index % 2 === parity);
      if (!(await this.#passes(spec, { tests: new Set(half) }))) return false;
    }
    return true;
  }

  async #tryMutants(mutants) {
    for (const { id, runs } of mutants) {
      if (process.memoryUsage.rss() > MAX_RESIDENT_BYTES) return;
      this.report({ begun: id });
      this.report({ id, ...(await this.#outcome(id, runs)) });
    }
  }

  async #outcome(id, runs) {
    for (const { spec, tests, hits } of runs) {
      const maxHits = Math.max(MIN_MAX_HITS, hits * MAX_HITS_FACTOR);
      const hasPassed = await this.#passes(spec, {
        mutant: id,
        maxHits,
        tests: tests && new Set(tests),
      });
      if (switchboard.hits > maxHits) return { status: 'timed out', spec };
      if (!hasPassed) return { status: 'killed', spec };
    }
    return { status: 'survived' };
  }

  async #passes(spec, settings) {
    switchboard.begin(settings);
    const inner = new TestRunner(this._globalConfig, this._context);
    let hasPassed = false;
    inner.on('test-file-success', ([, result]) => {
      hasPassed = result.numFailingTests === 0 && !result.testExecError && !switchboard.hasFailed;
      this.failure = result.failureMessage;
    });
    inner.on('test-file-failure', ([, error]) => {
      this.failure = error.stack;
    });
    await inner.runTests([this.specs.get(spec)], this.watcher, { serial: true });
    return hasPassed;
  }
}

function asJson({ outside, tests, totals }) {
  const reached = [...totals.entries()].filter(([, total]) => total > 0);
  return { outside: [...outside], tests, totals: reached };
}

export { MutationRunner as default };
