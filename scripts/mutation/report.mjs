import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { OUTPUT } from './workers.mjs';

const REPORT = join(OUTPUT, 'report.json');

/** What became of mutants in earlier runs: key → outcome. */
export function readOutcomes() {
  return existsSync(REPORT) ? JSON.parse(readFileSync(REPORT, 'utf8')) : {};
}

export function writeOutcomes(outcomes) {
  writeFileSync(REPORT, JSON.stringify(outcomes, undefined, 1));
}

/** Mutants that mean the same as the code, with the reason: key → reason. */
export function readEquivalents() {
  return JSON.parse(readFileSync(join(import.meta.dirname, 'equivalent.json'), 'utf8'));
}

/** One line per folder, in Markdown. */
export function table(mutants, outcomes, equivalents) {
  const folders = [...new Set(mutants.map(({ file }) => dirname(file)))].sort();
  const rows = folders.map(
    (folder) =>
    row(folder, mutants.filter(({ file }) => dirname(file) === folder), outcomes, equivalents), // prettier-ignore
  );
  return [
    '| Folder | Mutants | Tried | Killed | Timed out | Survived | Equivalent | Score |',
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...rows,
    row('all', mutants, outcomes, equivalents),
  ].join('\n');
}

function row(name, mutants, outcomes, equivalents) {
  const isEquivalent = ({ key }) => Object.hasOwn(equivalents, key);
  const tried = mutants.filter(({ key }) => outcomes[key] !== undefined);
  const judged = tried.filter((mutant) => !isEquivalent(mutant));
  const count = (status) => judged.filter(({ key }) => outcomes[key].status === status).length;
  const [killed, timedOut] = [count('killed'), count('timed out')];
  const score = judged.length === 0 ? '' : `${percent((killed + timedOut) / judged.length)} %`;
  const cells = [mutants.length, tried.length, killed, timedOut];
  const others = [judged.length - killed - timedOut, tried.length - judged.length];
  return `| ${[name, ...cells, ...others, score].join(' | ')} |`;
}

function percent(ratio) {
  return (100 * ratio).toFixed(1);
}

/** A line for each mutant that no test noticed and no reason explains. */
export function survivors(mutants, outcomes, equivalents) {
  return mutants
    .filter(({ key }) => /survived|not reached/.test(outcomes[key]?.status))
    .filter(({ key }) => !Object.hasOwn(equivalents, key))
    .map(({ file, line, kind, original, replacement, key }) => {
      const change = `${original} → ${replacement || '(nothing)'}`;
      return `${file}:${String(line)} ${outcomes[key].status}, ${kind}: ${change}`;
    });
}

/** Explanations of mutants that are no longer there. */
export function staleEquivalents(mutants, equivalents) {
  const keys = new Set(mutants.map(({ key }) => key));
  return Object.keys(equivalents).filter((key) => !keys.has(key));
}
