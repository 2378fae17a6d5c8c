import { createInterface } from 'node:readline/promises';
import { styleText } from 'node:util';

const WIDTH = 100;

/** Writes a line, indented by so many columns. */
export function print(text = '', indent = 0) {
  const margin = ' '.repeat(indent);
  process.stdout.write(`${text.replace(/^(?=.)/gm, margin)}\n`);
}

/** Writes prose, broken at white space to fit a terminal. */
export function printProse(text, indent = 0) {
  const line = new RegExp(`(.{1,${WIDTH - indent}})(?:\\s+|$)`, 'g');
  print(text.replace(line, '$1\n').trimEnd(), indent);
}

/** Colours a text at a terminal whose user did not say `NO_COLOR`, and nowhere else. */
export function coloured(format, text) {
  const isColoured = process.stdout.isTTY && !process.env.NO_COLOR;
  return isColoured ? styleText(format, text) : text;
}

/** Waits until the person at the terminal presses Enter; does not wait where there is none. */
export async function waitForEnter() {
  if (!process.stdin.isTTY || !process.stdout.isTTY) return;
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  // While it reads, Ctrl-C reaches the reader instead of the process.
  terminal.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  await terminal.question(coloured('dim', '   Enter …'));
  terminal.close();
}
