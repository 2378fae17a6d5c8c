import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { mutantsOf } from './mutants.mjs';

/** The folders whose files have mutants. */
export const MUTATED = ['src/policy', 'src/introspection'];

/**
 * Every mutant there is, each with the number by which it is switched on and a key that stays while lines are
 * added above it. Reads below the current folder.
 *
 * @returns {{file: string, base: number, mutants: object[]}[]} `base` is the number of a file's first mutant
 */
export function filesWithMutants() {
  let next = 1;
  return MUTATED.flatMap((folder) => filesBelow(folder))
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
    .map((file) => {
      const base = next;
      const mutants = withKeys(file, mutantsOf(readFileSync(file, 'utf8'), file));
      next += mutants.length;
      return { file, base, mutants: mutants.map((mutant, at) => ({ ...mutant, id: base + at })) };
    });
}

/** Files below a folder, sorted by name. */
export function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`)
    .sort();
}

/** The unit specs beside the mutated code of some places, and those of the vectors, which belong to all. */
export function specsFor(places) {
  const folders = MUTATED.filter((folder) => places.some((place) => place.startsWith(folder)));
  return [...folders, 'test/vectors']
    .flatMap(filesBelow)
    .filter((file) => /\.spec\.ts$/.test(file));
}

/**
 * Some of the mutants, the same ones for the same seed as long as their text stays.
 *
 * @param {number} share of all, from 0 to 1
 */
export function sample(mutants, share, seed) {
  return mutants.filter(({ key }) => fractionOf(`${seed} ${key}`) < share);
}

/** A digest that only the texts decide, in hexadecimal. */
export function digest(...texts) {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(text).update('\0');
  return hash.digest('hex');
}

function fractionOf(text) {
  return parseInt(digest(text).slice(0, 8), 16) / 2 ** 32;
}

/** Mutants that read the same are told apart by their order. */
function withKeys(file, mutants) {
  const seen = new Map();
  return mutants.map((mutant) => {
    const { kind, context, original, replacement } = mutant;
    const text = [file, kind, context, original, replacement.replace(/\s+/g, ' ')].join(' | ');
    const count = (seen.get(text) ?? 0) + 1;
    seen.set(text, count);
    return { ...mutant, file, key: count === 1 ? text : `${text} | ${String(count)}` };
  });
}
