/** Median and range of what rounds came to, as in `1.2 (1.1–1.4)`. */
export function spread(values: readonly number[], digits: number): string {
  const sorted = values.toSorted((a, b) => a - b);
  const [min, median, max] = [sorted[0], sorted[Math.floor(sorted.length / 2)], sorted.at(-1)].map(
    (value) => (value ?? Number.NaN).toFixed(digits),
  );
  return `${median} (${min}–${max})`;
}

/** One line of a Markdown table. */
export function row(...cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

/** A Markdown table. */
export function table(heads: readonly string[], rows: readonly string[]): string {
  return [row(...heads), row(...heads.map(() => '---')), ...rows].join('\n');
}
