import shared from './jest.config.mjs';

const [unit] = shared.projects;

/** Specs that need servers beside PostgreSQL; `.ci/run` starts them and names them by variables. */
export default {
  ...unit,
  displayName: 'servers',
  testMatch: ['<rootDir>/test/servers/**/*.servers-spec.ts'],
};
