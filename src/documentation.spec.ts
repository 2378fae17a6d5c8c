import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const LINK = /\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]*))?\)/g;

/** The project's own pages, by path below its folder. */
const pages = [
  ...readdirSync(ROOT).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];

const textOf = (path: string): string => readFileSync(path, 'utf8');

/** As headings are addressed in a page. */
function anchorsOf(path: string): readonly string[] {
  return [...textOf(path).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function brokenLinks(page: string): readonly string[] {
  const path = join(ROOT, page);
  return [...textOf(path).matchAll(LINK)]
    .filter(([, file = '', anchor]) => {
      const target = file === '' ? path : join(dirname(path), file);
      if (!existsSync(target)) return true;
      return anchor !== undefined && !anchorsOf(target).includes(anchor);
    })
    .map(([link]) => link);
}

/** Scripts of README and CONTRIBUTING that package.json must have. */
function npmScriptsIn(page: string): readonly string[] {
  return [...textOf(join(ROOT, page)).matchAll(/npm run ([\w:]+)/g)].map(([, name = '']) => name);
}

describe('the documentation', () => {
  it.each(pages)('links to what exists: %s', (page) => {
    expect(brokenLinks(page)).toEqual([]);
  });

  it.each(['README.md', 'CONTRIBUTING.md'])('names scripts that exist: %s', (page) => {
    const { scripts } = JSON.parse(textOf(join(ROOT, 'package.json'))) as {
      scripts: Record<string, string>;
    };

    expect(npmScriptsIn(page).filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  });

  it('names places of the architecture that exist', () => {
    const places = [
      ...textOf(join(ROOT, 'docs/architecture.md')).matchAll(/[\w-]+\/[\w/.-]+\.ts/g),
    ];
    const missing = places
      .map(([place]) => place.replace(/^src\//, ''))
      .filter((place) => !existsSync(join(ROOT, 'src', place)));

    expect(missing).toEqual([]);
  });

  it('names every part of draft-07 whose suite is decided differently', () => {
    const path = join(ROOT, 'test/vectors/json-schema/differences.json');
    const groups = JSON.parse(textOf(path)) as { cases: readonly string[] }[];
    const cases = groups.flatMap((group) => group.cases);
    const parts = cases.map((name) => name.slice(0, name.indexOf(':')));
    const page = textOf(join(ROOT, 'docs/json-schema.md'));

    expect(parts.filter((part) => !page.includes(`\`${part}\``))).toEqual([]);
    expect(page).toContain(`list the ${cases.length} cases`);
  });
});
