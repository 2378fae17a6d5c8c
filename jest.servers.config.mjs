import shared from './jest.config.mjs';

const [, e2e] = shared.projects;

/** Specs that need servers beside PostgreSQL; `.ci/run` starts them and names them by variables. */
export default {
  ...e2e,
  testTimeout: shared.testTimeout,
  displayName: 'servers',
  testMatch: ['<rootDir>/test/servers/**/*.servers-spec.ts'],
};
