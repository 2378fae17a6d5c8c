import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
const LIST = join(ROOT, 'test/support/through-gateway/differences.json');

interface Differences {
  readonly leftOut: readonly { readonly why: string; readonly specs: readonly string[] }[];
  readonly differ: readonly {
    readonly why: string;
    readonly tests: Readonly<Record<string, Readonly<Record<string, string>>>>;
  }[];
}

describe('the list of what differs through a gateway', () => {
  const { leftOut, differ } = JSON.parse(readFileSync(LIST, 'utf8')) as Differences;
  const listed = differ.flatMap(({ tests }) =>
    Object.entries(tests).flatMap(([spec, failures]) =>
      Object.entries(failures).map(([name, shown]) => ({ spec, name, shown })),
    ),
  );

  it('names specs that there are, each of them run or left out', () => {
    const specs = readdirSync(import.meta.dirname).map((file) => file.replace('.e2e-spec.ts', ''));
    const left = leftOut.flatMap((each) => each.specs);
    const leftBy = left.map((name) => new RegExp(`^${name.replaceAll('*', '.*')}$`));
    const run = [...new Set(listed.map(({ spec }) => spec))];

    expect(leftBy.filter((name) => !specs.some((spec) => name.test(spec)))).toEqual([]);
    expect(run.filter((spec) => !specs.includes(spec))).toEqual([]);
    expect(run.filter((spec) => leftBy.some((name) => name.test(spec)))).toEqual([]);
  });

  it('names each test once, and what it fails with', () => {
    const names = listed.map(({ spec, name }) => `${spec}: ${name}`);

    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
    expect(listed.filter(({ shown }) => shown === '')).toEqual([]);
  });

  it('is what docs/testing.md says; npm run docs:gateway writes it', () => {
    const script = join(ROOT, 'scripts/docs-gateway-differences.mjs');

    expect(() =>
      execFileSync(process.execPath, [script, '--check'], { stdio: 'pipe' }),
    ).not.toThrow();
  });
});
