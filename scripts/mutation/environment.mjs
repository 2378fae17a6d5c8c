import { TestEnvironment } from 'jest-environment-node';
import { cpuMs, switchboard } from './switchboard.mjs';

/** Jest's environment with the switches, which leaves out tests that cannot see the active mutant. */
class MutationEnvironment extends TestEnvironment {
  #ordinal = -1;
  #startedAt = 0;

  constructor(config, context) {
    super(config, context);
    this.global.__isMutant = switchboard.isMutant;
  }

  handleTestEvent({ name, test }) {
    if (name === 'test_start') this.#start(test);
    if (name === 'test_done') switchboard.profile?.endTest(cpuMs() - this.#startedAt);
    if (name === 'run_finish') switchboard.profile?.endOutside();
    if (name === 'test_fn_failure' || name === 'hook_failure') switchboard.hasFailed = true;
  }

  #start(test) {
    this.#ordinal += 1;
    switchboard.profile?.endOutside();
    const isWanted = switchboard.tests === undefined || switchboard.tests.has(this.#ordinal);
    if (!isWanted || switchboard.hasFailed) test.mode = 'skip';
    this.#startedAt = cpuMs();
  }
}

export { MutationEnvironment as default };
