// Properties try the same values for every mutant, and every time the score is taken.
const { expect } = await import('@jest/globals');
if (/property\.spec\.ts$/.test(expect.getState().testPath)) {
  const { default: fc } = await import('fast-check');
  fc.configureGlobal({ seed: 1 });
}
