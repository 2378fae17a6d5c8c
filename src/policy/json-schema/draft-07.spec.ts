import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InvalidPolicy } from '../invalid-policy.js';
import type { Json, JsonObject } from '../json.js';
import { WorkLimit } from '../matcho/work-limit.js';
import { parseSchema } from './parse-schema.js';

interface Group {
  readonly description: string;
  readonly schema: Json;
  readonly tests: readonly {
    readonly description: string;
    readonly data: Json;
    readonly valid: boolean;
  }[];
}

interface Difference {
  readonly reason: string;
  readonly cases: readonly string[];
}

const projectRoot = process.cwd();
const root = join(
  process.env['WARDGATE_TEST_DATA'] ?? join(projectRoot, '../shared/data'),
  'json-schema-draft7/tests/draft7',
);
const isThere = existsSync(root);

const differences = JSON.parse(
  readFileSync(join(projectRoot, 'test/vectors/json-schema/differences.json'), 'utf8'),
) as readonly Difference[];
const expected = differences.flatMap(({ cases }) => cases);

function outcomeOf(schema: Json, data: Json): boolean | 'refused' {
  try {
    const parsed = parseSchema(schema);
    return parsed.firstError(data as JsonObject, new WorkLimit()) === undefined;
  } catch (error) {
    if (error instanceof InvalidPolicy) return 'refused';
    return false;
  }
}

function differencesIn(file: string): string[] {
  const groups = JSON.parse(readFileSync(join(root, file), 'utf8')) as readonly Group[];
  const name = file.replace(/\.json$/, '');
  return groups.flatMap(({ description, schema, tests }) => {
    const outcomes = tests.map(({ data }) => outcomeOf(schema, data));
    if (outcomes.includes('refused')) return [`${name}: ${description}: refused`];
    return tests
      .filter(({ valid }, index) => outcomes[index] !== valid)
      .map((test) => `${name}: ${description}: ${test.description}`);
  });
}

const files = isThere
  ? readdirSync(root, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.json'))
      .sort()
  : [];

const when = isThere ? describe : describe.skip;

when('draft-07, by its published cases (skipped where they are not installed)', () => {
  it.each(files)('decides %s as published, but for the listed differences', (file) => {
    const name = file.replace(/\.json$/, ':');

    const listed = expected.filter((entry) => entry.startsWith(`${name} `));

    expect(differencesIn(file).sort()).toEqual(listed.sort());
  });

  it('lists no difference twice', () => {
    expect(new Set(expected).size).toBe(expected.length);
  });
});
