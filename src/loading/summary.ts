import { printable } from '../command-line/printable.js';
import type { Refusal } from './outcome.js';
import type { Tally } from './tally.js';

const MAX_SHOWN = 50;

/** What a load came to, for people. */
export function summaryOf(tally: Tally, elapsedMs: number): string {
  const { loaded, refusedCount, refusals, uncertainties, skippedCount } = tally;
  const types = [...loaded].sort(([, one], [, other]) => other - one);
  const lines = [
    `Loaded ${tally.loadedCount} resources in ${(elapsedMs / 1000).toFixed(1)} s`,
    ...types.map(([type, count]) => `  ${String(count).padStart(9)}  ${type}`),
  ];
  if (skippedCount > 0) lines.push(`Loaded before, and not sent again: ${skippedCount} Bundles`);
  if (refusedCount > 0) {
    lines.push(`Refused: ${refusedCount}`, ...refusals.slice(0, MAX_SHOWN).map(refusalLine));
    if (refusedCount > MAX_SHOWN) lines.push(`  … and ${refusedCount - MAX_SHOWN} more`);
  }
  if (uncertainties.length > 0) {
    lines.push(
      `Nobody can tell whether these were loaded; see what is there, then use --repeat-uncertain:`,
      ...uncertainties
        .slice(0, MAX_SHOWN)
        .map(({ file, part, reason }) => `  ${place(file, part)}: ${printable(reason)}`),
    );
  }
  return `${lines.join('\n')}\n`;
}

/** Every refusal that is kept, one a line. */
export function refusalLines(tally: Tally): string {
  return tally.refusals.map((refusal) => `${JSON.stringify(refusal)}\n`).join('');
}

function refusalLine({ file, place: where, target, status, reason }: Refusal): string {
  const what = [target, status].filter((part) => part !== '' && part !== undefined).join(' ');
  const said = what === '' ? reason : `${what}: ${reason}`;
  return `  ${place(file, where)}: ${printable(said)}`;
}

function place(file: string, where: string): string {
  return printable(where === '' ? file : `${file}, ${where}`);
}
