import { readFileSync } from 'node:fs';
import { FhirError } from '../../errors/fhir-error.js';
import { DEFAULT_BODY_LIMITS } from '../formats/body-limits.js';
import { bodyOf, type Json, type ParsedBody } from '../formats/json.js';
import { applyPatch } from './apply-patch.js';

interface PatchVector {
  readonly name: string;
  readonly document: Json;
  readonly patch: Json;
  readonly result?: Json;
  readonly status?: number;
  readonly index?: number;
}

const JSON_PATCH = 'application/json-patch+json';
const MERGE_PATCH = 'application/merge-patch+json';
const jsonPatches = vectors('json-patches');
const mergePatches = vectors('merge-patches');

function vectors(name: string): PatchVector[] {
  const file = new URL(`../../../test/vectors/patch/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as PatchVector[];
}

function failure(attempt: () => unknown): FhirError {
  try {
    attempt();
  } catch (error) {
    if (error instanceof FhirError) return error;
    throw error;
  }
  throw new Error('The patch was accepted');
}

function patched(document: Json, patch: Json, contentType?: string): Json {
  return applyPatch(bodyOf(document), bodyOf(patch), contentType).value;
}

describe('a JSON Patch', () => {
  it.each(jsonPatches.filter(({ result }) => result !== undefined))(
    '$name',
    ({ document, patch, result }) => {
      expect(patched(document, patch, JSON_PATCH)).toEqual(result);
    },
  );

  it.each(jsonPatches.filter(({ result }) => result === undefined))(
    '$name',
    ({ document, patch, status, index }) => {
      const error = failure(() => patched(document, patch, JSON_PATCH));

      expect(error.status).toBe(status);
      expect(error.message).toContain(`Patch operation ${index}:`);
    },
  );

  it('keeps the digits of both documents', () => {
    const current: ParsedBody = { value: { a: 1.1 }, text: '{"a":1.10}' };
    const text = '[{"op":"test","path":"/a","value":1.1},{"op":"add","path":"/b","value":2.00}]';
    const patch: ParsedBody = { value: JSON.parse(text) as Json, text };

    expect(applyPatch(current, patch, JSON_PATCH).text).toBe('{"a":1.10,"b":2.00}');
  });

  it('has at most 1000 operations', () => {
    const tests = (count: number) => Array(count).fill({ op: 'test', path: '', value: {} }) as Json;

    expect(patched({}, tests(1000), JSON_PATCH)).toEqual({});
    expect(failure(() => patched({}, tests(1001), JSON_PATCH)).status).toBe(400);
  });

  it('cannot double the document without end', () => {
    const copies = Array.from({ length: 60 }, (_, step) => [
      { op: 'copy', from: '', path: `/a${step}` },
      { op: 'copy', from: `/a${step}`, path: `/b${step}` },
    ]).flat();
    const { maxDepth } = DEFAULT_BODY_LIMITS;
    const limits = { ...DEFAULT_BODY_LIMITS, maxDepth: maxDepth * 10, maxNodes: 10_000 };
    const apply = () => applyPatch(bodyOf({}), bodyOf(copies), JSON_PATCH, { limits });

    expect(failure(apply).message).toContain('copies too much');
  });

  it('cannot build a tower', () => {
    const storey = '/a'.repeat(90);
    const value = JSON.parse('{"a":'.repeat(90) + '{}' + '}'.repeat(90)) as Json;
    const add = { op: 'add', path: '/a', value };
    const moves = Array(100).fill([
      { op: 'add', path: '/b', value },
      { op: 'move', from: '/a', path: `/b${storey}/a` },
      { op: 'move', from: '/b', path: '/a' },
    ]) as Json[][];
    const error = failure(() => patched({}, [add, ...moves.flat()], JSON_PATCH));

    expect(error.message).toContain('nests more than 100 levels');
    const copy = { op: 'copy', from: '/a', path: '/c' };
    const copied = failure(() => patched({}, [add, ...moves.flat(), copy], JSON_PATCH));
    expect(copied.message).toContain('copies too much');
  });

  it('cannot grow beyond the size of a body', () => {
    const limits = { ...DEFAULT_BODY_LIMITS, maxBytes: 20 };
    const grow = (value: string) =>
      applyPatch(bodyOf({}), bodyOf([{ op: 'add', path: '/a', value }]), JSON_PATCH, { limits });

    expect(grow('x'.repeat(12)).value).toEqual({ a: 'x'.repeat(12) });
    expect(failure(() => grow('x'.repeat(13))).status).toBe(400);
  });
});

describe('a merge patch', () => {
  it.each(mergePatches)('$name', ({ document, patch, result }) => {
    expect(patched(document, patch, MERGE_PATCH)).toEqual(result);
  });

  it('keeps the digits of both documents', () => {
    const current: ParsedBody = { value: { a: 1.1 }, text: '{"a":1.10}' };
    const patch: ParsedBody = { value: { b: 2 }, text: '{"b":2.00}' };

    expect(applyPatch(current, patch, MERGE_PATCH).text).toBe('{"a":1.10,"b":2.00}');
  });
});

describe('applyPatch', () => {
  it.each([undefined, 'application/json', 'application/fhir+json', 'text/yaml'])(
    'tells the two patches apart by their shape (%s)',
    (contentType) => {
      const operations = [{ op: 'add', path: '/inactive', value: true }];

      expect(patched({ id: 'a' }, operations, contentType)).toEqual({ id: 'a', inactive: true });
      expect(patched({ id: 'a' }, { inactive: true }, contentType)).toEqual({
        id: 'a',
        inactive: true,
      });
    },
  );

  it.each([
    ['an object', JSON_PATCH, { a: 1 }],
    ['an array', MERGE_PATCH, []],
    ['a string', undefined, 'a'],
    ['null', MERGE_PATCH, null],
  ])('refuses %s as %s', (_, contentType, patch) => {
    expect(failure(() => patched({}, patch, contentType)).status).toBe(400);
  });

  it('does not take FHIRPath Patch for a merge patch', () => {
    const parameters = { resourceType: 'Parameters', parameter: [] };

    expect(failure(() => patched({}, parameters, 'application/fhir+json')).status).toBe(415);
  });

  it.each([
    ['User.id', { id: 'b' }],
    ['User.id', { id: null }],
    ['User.resourceType', { resourceType: 'Client' }],
    ['User.meta.versionId', { meta: { versionId: '2' } }],
  ])('cannot change %s by %j', (expression, patch) => {
    const current = { resourceType: 'User', id: 'a', meta: { versionId: '1', source: 's' } };
    const error = failure(() => patched(current, patch, MERGE_PATCH));

    expect(error.status).toBe(422);
    expect(error.issues.map((issue) => issue.expression)).toEqual([expression]);
  });

  it('may repeat what is the server’s, and replace meta around it', () => {
    const current = { resourceType: 'User', id: 'a', meta: { versionId: '1', source: 's' } };

    expect(patched(current, { id: 'a', meta: { versionId: '1', source: 't' } })).toEqual({
      ...current,
      meta: { versionId: '1', source: 't' },
    });
    expect(
      patched(current, [{ op: 'replace', path: '/meta', value: { source: 't' } }]),
    ).toMatchObject({ meta: { source: 't' } });
  });

  it('leaves a resource', () => {
    const operations = [{ op: 'replace', path: '', value: [] }];

    expect(failure(() => patched({}, operations, JSON_PATCH)).status).toBe(422);
  });

  it('leaves its input as it was', () => {
    const current = bodyOf({ a: { b: 1 } });
    const patch = bodyOf([{ op: 'remove', path: '/a/b' }]);

    applyPatch(current, patch, JSON_PATCH);

    expect(current).toEqual(bodyOf({ a: { b: 1 } }));
    expect(patch).toEqual(bodyOf([{ op: 'remove', path: '/a/b' }]));
  });
});
