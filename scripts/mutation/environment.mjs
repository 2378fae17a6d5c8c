import { performance } from 'node:perf_hooks';
import { TestEnvironment } from 'jest-environment-node';
import { cpuMs, switchboard } from './switchboard.mjs';
import { replaceTests } from './trial.mjs';

/** How long a copy of a test may take: some multiple of what the test took, which is little for most. */
const MIN_TIMEOUT_MS = 10_000;
const TIMEOUT_FACTOR = 10;

/**
 * Jest's environment with the switches, which leaves out tests that cannot see the active mutant, or runs them
 * once for each mutant of a trial.
 */
class MutationEnvironment extends TestEnvironment {
  #ordinal = -1;
  #started = { ms: 0, at: 0 };
  #slots = new Map();
  #running;

  constructor(config, context) {
    super(config, context);
    this.global.__isMutant = switchboard.isMutant;
  }

  handleTestEvent({ name, test }, { rootDescribeBlock }) {
    if (switchboard.trial) this.#handleInTrial(name, test, rootDescribeBlock);
    else this.#handleAlone(name, test);
  }

  #handleAlone(name, test) {
    if (name === 'test_start') this.#start(test);
    if (name === 'test_done') this.#done();
    if (name === 'run_finish') switchboard.profile?.endOutside();
    if (name === 'test_fn_failure' || name === 'hook_failure') switchboard.hasFailed = true;
  }

  #handleInTrial(name, test, root) {
    if (name === 'run_start') this.#copyTests(root);
    if (name === 'test_start' || name === 'run_finish') this.#endCopy();
    if (name === 'test_start') this.#startCopy(test);
  }

  #start(test) {
    this.#ordinal += 1;
    switchboard.profile?.endOutside();
    const isWanted = switchboard.tests === undefined || switchboard.tests.has(this.#ordinal);
    if (!isWanted || switchboard.hasFailed) test.mode = 'skip';
    this.#started = { ms: cpuMs(), at: performance.now() };
  }

  #done() {
    const { ms, at } = this.#started;
    const tookMs = Math.ceil(performance.now() - at);
    switchboard.profile?.endTest({ ms: cpuMs() - ms, tookMs });
  }

  #copyTests(root) {
    const { trial } = switchboard;
    trial.hasBegun = true;
    replaceTests(root, (test, ordinal) => this.#slot(test, trial.copiesOf(ordinal)));
  }

  /** A place for the next copy of a test; which one that is shows when the test starts. */
  #slot(test, copies) {
    const own = { errors: [], retryReasons: [], unhandledRejectionErrorByPromise: new Map() };
    const slot = { ...test, ...own };
    this.#slots.set(slot, { test, copies });
    return slot;
  }

  #startCopy(slot) {
    const { test, copies } = this.#slots.get(slot);
    const { value: copy } = copies.next();
    if (!copy) {
      slot.mode = 'skip';
      return;
    }
    const { id, hits, tookMs } = copy.mutant;
    slot.timeout = MIN_TIMEOUT_MS + TIMEOUT_FACTOR * tookMs;
    const { children } = test.parent;
    children.splice(children.indexOf(slot) + 1, 0, this.#slot(test, copies));
    this.#running = { slot, copy };
    switchboard.beginCopy(copy.role === 'control' ? 0 : id, hits);
  }

  /** Jest adds rejections that nobody handled after a test is done; so it is judged when the next one starts. */
  #endCopy() {
    if (!this.#running) return;
    const { slot, copy } = this.#running;
    this.#running = undefined;
    const hasFailed = slot.errors.length > 0;
    switchboard.trial.judge(copy, { hasFailed, isEndless: switchboard.isEndless });
    // Nobody reads them, and each would be written out with an excerpt of the code.
    slot.errors = [];
  }
}

export { MutationEnvironment as default };
