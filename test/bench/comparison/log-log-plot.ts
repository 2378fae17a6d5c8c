/** A line of a plot, through points in ascending order of x. */
export interface Line {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
  /** Drawn stronger than the others. */
  readonly isMain: boolean;
}

/** A plot beside others, with the same axes. */
export interface Panel {
  readonly title: string;
  readonly lines: readonly Line[];
}

const WIDTH = 400;
const LABELS = 240;
const HEIGHT = 420;
const TOP = 40;
const BOTTOM = 46;
const LEFT = 64;
const LABEL_HEIGHT = 15;

/** Told apart by colour-blind readers, too, and readable on white and on black. */
const COLOURS = [
  '#0a84d6',
  '#d55e00',
  '#009e73',
  '#b8860b',
  '#a05fc4',
  '#d14f8f',
  '#7a7a7a',
  '#4f9d3a',
];

// The picture brings its background: whoever shows it may be dark where the reader's system is not.
const STYLE = `
  svg { color-scheme: light dark; font: 12px system-ui, sans-serif; }
  .ground { fill: #fff; } .text { fill: #222; } .grid { stroke: #ddd; }
  @media (prefers-color-scheme: dark) {
    .ground { fill: #0d1117; } .text { fill: #d8dee6; } .grid { stroke: #30363d; }
  }`;

/** Draws panels side by side with logarithmic axes of whole decades, as SVG. */
export function logLogPlot(
  title: string,
  axes: readonly [x: string, y: string],
  panels: readonly Panel[],
): string {
  const scale = scaleOf(panels.flatMap(({ lines }) => lines.flatMap(({ points }) => points)));
  const names = [...new Set(panels.flatMap(({ lines }) => lines.map(({ name }) => name)))];
  const width = LEFT + panels.length * (WIDTH + LABELS);
  const bodies = panels.map((panel, at) => {
    const offset = LEFT + at * (WIDTH + LABELS);
    return group(offset, [...grid(scale, panel.title, axes), ...curves(panel.lines, names, scale)]);
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${HEIGHT}" role="img">`,
    `<title>${title}</title><style>${STYLE}</style>`,
    `<rect class="ground" width="${width}" height="${HEIGHT}"/>`,
    ...bodies,
    '</svg>\n',
  ].join('\n');
}

interface Scale {
  readonly xDecades: readonly number[];
  readonly yDecades: readonly number[];
  x(value: number): number;
  y(value: number): number;
}

function scaleOf(points: readonly (readonly [number, number])[]): Scale {
  const xDecades = decades(points.map(([x]) => x));
  const yDecades = decades(points.map(([, y]) => y));
  const place = (all: readonly number[], value: number) =>
    (Math.log10(value) - (all[0] ?? 0)) / (all.length - 1);
  return {
    xDecades,
    yDecades,
    x: (value) => place(xDecades, value) * WIDTH,
    y: (value) => HEIGHT - BOTTOM - place(yDecades, value) * (HEIGHT - TOP - BOTTOM),
  };
}

/** The powers of ten around some values. */
function decades(values: readonly number[]): readonly number[] {
  const first = Math.floor(Math.log10(Math.min(...values)));
  const last = Math.ceil(Math.log10(Math.max(...values)));
  return Array.from({ length: Math.max(last - first, 1) + 1 }, (_, at) => first + at);
}

function grid(scale: Scale, title: string, [xName, yName]: readonly [string, string]): string[] {
  const [top, bottom] = [TOP, HEIGHT - BOTTOM];
  const columns = scale.xDecades.flatMap((decade) => {
    const x = scale.x(10 ** decade).toFixed(1);
    return [
      `<line class="grid" x1="${x}" x2="${x}" y1="${top}" y2="${bottom}"/>`,
      text(Number(x), bottom + 16, (10 ** decade).toLocaleString('en'), 'middle'),
    ];
  });
  const rows = scale.yDecades.flatMap((decade) => {
    const y = scale.y(10 ** decade).toFixed(1);
    return [
      `<line class="grid" x1="0" x2="${WIDTH}" y1="${y}" y2="${y}"/>`,
      text(-8, Number(y) + 4, durationOf(decade), 'end'),
    ];
  });
  return [
    ...columns,
    ...rows,
    text(WIDTH / 2, top - 16, `${title}: ${yName}`, 'middle'),
    text(WIDTH / 2, bottom + 36, xName, 'middle'),
  ];
}

/** A power of ten of microseconds. */
function durationOf(decade: number): string {
  if (decade < 0) return `${10 ** (decade + 3)} ns`;
  if (decade < 3) return `${10 ** decade} µs`;
  return decade < 6 ? `${10 ** (decade - 3)} ms` : `${10 ** (decade - 6)} s`;
}

function curves(lines: readonly Line[], names: readonly string[], scale: Scale): string[] {
  const drawn = lines.filter(({ points }) => points.length > 0);
  const labels = spreadOut(drawn.map(({ points }) => scale.y(points.at(-1)?.[1] ?? 1)));
  return drawn.flatMap(({ name, points, isMain }, at) => {
    const colour = COLOURS[names.indexOf(name) % COLOURS.length] ?? '';
    const places = points.map(([x, y]) => [scale.x(x).toFixed(1), scale.y(y).toFixed(1)] as const);
    const [endX = '0', endY = '0'] = places.at(-1) ?? [];
    const label = labels[at] ?? 0;
    const path = places.map((place) => place.join(',')).join(' ');
    return [
      `<g stroke="${colour}" fill="none">`,
      `<polyline points="${path}" stroke-width="${isMain ? 3.5 : 1.7}"/>`,
      `<path d="M${endX},${endY}L${WIDTH + 12},${label.toFixed(1)}" stroke-dasharray="1 3"/></g>`,
      ...places.map(([x, y]) => `<circle cx="${x}" cy="${y}" r="3" fill="${colour}"/>`),
      `<text x="${WIDTH + 16}" y="${(label + 4).toFixed(1)}" fill="${colour}"` +
        `${isMain ? ' font-weight="bold"' : ''}>${name}</text>`,
    ];
  });
}

/** Heights for labels near those wanted, none upon another. */
function spreadOut(wanted: readonly number[]): readonly number[] {
  const placed: number[] = [];
  let above = Number.NEGATIVE_INFINITY;
  const order = [...wanted.keys()].sort((one, other) => (wanted[one] ?? 0) - (wanted[other] ?? 0));
  for (const at of order) {
    above = Math.max(wanted[at] ?? 0, above + LABEL_HEIGHT);
    placed[at] = above;
  }
  return placed;
}

function text(x: number, y: number, content: string, anchor: 'middle' | 'end'): string {
  return `<text class="text" x="${x}" y="${y.toFixed(1)}" text-anchor="${anchor}">${content}</text>`;
}

function group(offset: number, content: readonly string[]): string {
  return `<g transform="translate(${offset})">\n${content.join('\n')}\n</g>`;
}
