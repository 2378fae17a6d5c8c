import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import config from '../../jest.config.mjs';

const { swc, unit } = unitProject();
const { bases, specs } = JSON.parse(readFileSync(process.env.WARDGATE_MUTATION_PLAN, 'utf8'));
const here = (name) => join(import.meta.dirname, name);

function unitProject() {
  const [project] = config.projects;
  const [[, [, options]]] = Object.entries(project.transform);
  return { unit: project, swc: options };
}

export default {
  ...unit,
  displayName: undefined,
  testMatch: specs.map((spec) => `<rootDir>/${spec}`),
  transform: { '^.+\\.ts$': [here('transform.mjs'), { swc, bases }] },
  testEnvironment: here('environment.mjs'),
  runner: here('runner.mjs'),
  setupFilesAfterEnv: [here('fixed-seed.mjs')],
  // A promise that a mutant left open is found out sooner than a slow machine needs.
  testTimeout: 30_000,
  maxWorkers: 1,
  reporters: [],
  silent: true,
  passWithNoTests: true,
};
