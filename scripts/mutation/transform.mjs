import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import swcJest from '@swc/jest';
import { instrument } from './instrument.mjs';
import { mutantsOf } from './mutants.mjs';

const ROOT = process.cwd();

/**
 * Jest's transformer: all mutants are written into a file, once, before it is compiled as ever.
 *
 * @param {{swc: object, bases: Record<string, number>}} options `bases` has the number of each mutated file's
 *   first mutant
 */
function createTransformer({ swc, bases }) {
  const compiler = swcJest.createTransformer(swc);
  const withSwitches = (text, path) => {
    const file = relative(ROOT, path);
    if (!Object.hasOwn(bases, file)) return text;
    return instrument(text, mutantsOf(text, file), bases[file]);
  };
  return {
    process: (text, path, options) => compiler.process(withSwitches(text, path), path, options),
    processAsync: (text, path, options) =>
      compiler.processAsync(withSwitches(text, path), path, options),
    getCacheKey: (text, path, options) =>
      createHash('sha256')
        .update(compiler.getCacheKey(text, path, options))
        .update(String(bases[relative(ROOT, path)]))
        .update(OWN_TEXT)
        .digest('hex'),
  };
}

/** What was compiled before a rule changed does not count after. */
const OWN_TEXT = readdirSync(import.meta.dirname)
  .filter((name) => /mutants|instrument|transform/.test(name))
  .sort()
  .map((name) => readFileSync(`${import.meta.dirname}/${name}`, 'utf8'))
  .join('');

const transformer = { createTransformer };

export { transformer as default };
