import { appendFileSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import jestRunner from 'jest-runner';
import { cpuMs, Profile, switchboard } from './switchboard.mjs';
import { batchesOf, Trial } from './trial.mjs';

const TestRunner = jestRunner.default ?? jestRunner;

/** Memory of contexts is not all given back; a process that holds this much makes way for another. */
const MAX_RESIDENT_BYTES = 1.5 * 2 ** 30;

/** Processor time of all its tests for which a spec is run whole. */
const SHORT_SPEC_MS = 500;

/** How many copies of tests one load of a spec may have. */
const MAX_TESTS_OF_TRIAL = 8000;

/** Mutants that may leave something behind before the rest of a spec is tried in fresh loads. */
const MAX_CONTAMINATIONS = 8;

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
    else if (plan.phase === 'trial') await this.#tryTogether(plan.mutants);
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

  /** Many mutants in one load of a spec: what is found killed is, and the others are left open. */
  async #tryTogether(mutants) {
    switchboard.onMutant = (id) => {
      if (id !== this.begun) this.report({ begun: id });
      this.begun = id;
    };
    const contaminations = new Map();
    for (const batch of batchesOf(mutants, MAX_TESTS_OF_TRIAL)) {
      if (process.memoryUsage.rss() > MAX_RESIDENT_BYTES) return;
      const [{ spec }] = batch;
      let rest = batch;
      while (rest.length > 0 && (contaminations.get(spec) ?? 0) < MAX_CONTAMINATIONS) {
        rest = await this.#tryBatch(spec, rest);
        if (rest.length > 0) contaminations.set(spec, (contaminations.get(spec) ?? 0) + 1);
      }
      for (const { id } of rest) this.report({ id, status: 'open', spec });
    }
  }

  async #tryBatch(spec, batch) {
    const trial = new Trial(batch, (id, status) => this.report({ id, status, spec }));
    this.begun = undefined;
    await this.#passes(spec, { trial });
    const { open, again } = trial.rest();
    for (const { id } of open) this.report({ id, status: 'open', spec });
    return again;
  }

  async #outcome(id, runs) {
    for (const { spec, tests, hits } of runs) {
      const hasPassed = await this.#passes(spec, {
        mutant: id,
        usualHits: hits,
        tests: tests && new Set(tests),
      });
      if (switchboard.isEndless) return { status: 'timed out', spec };
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
