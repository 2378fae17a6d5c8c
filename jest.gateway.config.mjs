import shared from './jest.config.mjs';
import { DIFFERENCES } from './test/support/through-gateway/differences.mjs';

const [, e2e] = shared.projects;

// Workers inherit it.
process.env.WARDGATE_TEST_THROUGH_GATEWAY = 'true';

/** The end-to-end tests once more, through a gateway before the store. */
export default {
  ...e2e,
  testTimeout: shared.testTimeout,
  maxWorkers: shared.maxWorkers,
  workerIdleMemoryLimit: shared.workerIdleMemoryLimit,
  displayName: 'gateway',
  testEnvironment: '<rootDir>/test/support/through-gateway/environment.mjs',
  testPathIgnorePatterns: DIFFERENCES.leftOut.flatMap(({ specs }) =>
    specs.map((spec) => `/${spec.replaceAll('*', '.*')}\\.e2e-spec\\.ts$`),
  ),
};
