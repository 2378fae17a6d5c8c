import { readFileSync } from 'node:fs';
import { FhirError } from '../../errors/fhir-error.js';
import { canonicalPath } from './canonical-path.js';

interface PathVector {
  readonly name: string;
  readonly url: string;
  readonly path?: string;
  readonly queryString?: string;
  readonly status?: number;
}

const file = new URL('../../../test/vectors/paths/canonical-paths.json', import.meta.url);
const vectors = JSON.parse(readFileSync(file, 'utf8')) as PathVector[];

function outcome(url: string): { path?: string; queryString?: string; status?: number } {
  try {
    const { path, queryString } = canonicalPath(url);
    return { path, ...(queryString === undefined ? {} : { queryString }) };
  } catch (error) {
    if (error instanceof FhirError) return { status: error.status };
    throw error;
  }
}

describe('canonicalPath', () => {
  it.each(vectors)('$name', ({ url, path, queryString, status }) => {
    const defined = Object.entries({ path, queryString, status }).filter(
      ([, value]) => value !== undefined,
    );

    expect(outcome(url)).toEqual(Object.fromEntries(defined));
  });

  it.each(vectors.filter(({ path }) => path !== undefined))(
    'changes nothing when it is applied again: $path',
    ({ path = '' }) => {
      expect(canonicalPath(path).path).toBe(path);
    },
  );

  it('refuses more than 8192 characters', () => {
    expect(outcome(`/${'a'.repeat(8191)}`).path).toHaveLength(8192);
    expect(outcome(`/${'a'.repeat(8192)}`).status).toBe(414);
  });
});
