import { readFileSync } from 'node:fs';
import { FhirError } from '../../errors/fhir-error.js';
import { parseExact, stringifyExact } from '../../interactions/formats/exact-json.js';
import { bodyOf, type Json } from '../../interactions/formats/json.js';
import { R4Definitions } from '../definitions/r4-definitions.js';
import { Shapes } from '../validation/shapes.js';
import { applyPathPatch } from './apply-path-patch.js';

interface PathPatchVector {
  readonly name: string;
  readonly resource: Json;
  /** Parts by name: `value` with its type, as `{ "valueCode": "male" }`. */
  readonly operations: readonly Readonly<Record<string, Json>>[];
  readonly result?: Json;
  readonly status?: number;
  /** Of the operation at fault. */
  readonly index?: number;
  readonly says?: string;
}

const file = new URL('../../../test/vectors/patch/path-patches.json', import.meta.url);
const vectors = JSON.parse(readFileSync(file, 'utf8')) as PathPatchVector[];
const shapes = new Shapes(new R4Definitions());

const POSITIONS = ['index', 'source', 'destination'];

function parametersOf(operations: PathPatchVector['operations']): Json {
  const partOf = ([name, value]: [string, Json]): Json => {
    if (name === 'value') return { name, ...(value as object) };
    if (POSITIONS.includes(name)) return { name, valueInteger: value };
    return { name, ...(name === 'type' ? { valueCode: value } : { valueString: value }) };
  };
  const parameter = operations.map((parts) => ({
    name: 'operation',
    part: Object.entries(parts).map(partOf),
  }));
  return { resourceType: 'Parameters', parameter };
}

function patchedText(resource: string, parameters: string): string {
  const body = { value: JSON.parse(resource) as Json, text: resource };
  const shapeOf = (type: string) => shapes.find(type);
  return stringifyExact(applyPathPatch(body, parseExact(parameters), shapeOf));
}

function patched(resource: Json, parameters: Json): Json {
  return JSON.parse(patchedText(JSON.stringify(resource), JSON.stringify(parameters))) as Json;
}

function failure(resource: Json, parameters: Json): FhirError {
  try {
    patched(resource, parameters);
  } catch (error) {
    if (error instanceof FhirError) return error;
    throw error;
  }
  throw new Error('The patch was accepted');
}

const PATIENT: Json = { resourceType: 'Patient', id: 'p', name: [{ family: 'A' }] };
const ADD = { type: 'add', path: 'Patient', name: 'active', value: { valueBoolean: true } };

describe('a FHIRPath Patch', () => {
  it.each(vectors.filter(({ result }) => result !== undefined))(
    '$name',
    ({ resource, operations, result }) => {
      expect(patched(resource, parametersOf(operations))).toEqual(result);
    },
  );

  it.each(vectors.filter(({ result }) => result === undefined))(
    '$name',
    ({ resource, operations, status, index = 0, says = '' }) => {
      const error = failure(resource, parametersOf(operations));

      expect(error.status).toBe(status);
      expect(error.message).toContain(`Patch operation ${index}:`);
      expect(error.message).toContain(says);
      expect(error.issues.map(({ expression }) => expression)).toEqual([
        `Parameters.parameter[${index}]`,
      ]);
    },
  );

  it.each<[string, Json]>([
    ['a parameter that is no operation', { name: 'operations', part: [] }],
    ['an operation without parts', { name: 'operation' }],
    ['a part without a name', { name: 'operation', part: [{ valueCode: 'delete' }] }],
    ['no object', 'delete'],
    [
      'a part that is repeated',
      {
        name: 'operation',
        part: [
          { name: 'type', valueCode: 'delete' },
          { name: 'path', valueString: 'Patient.name' },
          { name: 'path', valueString: 'Patient.birthDate' },
        ],
      },
    ],
  ])('refuses %s', (_name, parameter) => {
    const error = failure(PATIENT, { resourceType: 'Parameters', parameter: [parameter] });

    expect(error.status).toBe(400);
  });

  it('refuses operations that are no list', () => {
    expect(failure(PATIENT, { resourceType: 'Parameters', parameter: {} }).status).toBe(400);
  });

  it('keeps the digits of the resource and of the patch', () => {
    const observation =
      '{"resourceType":"Observation","valueQuantity":{"value":1.10},"component":[]}';
    const parameters =
      '{"resourceType":"Parameters","parameter":[{"name":"operation","part":[' +
      '{"name":"type","valueCode":"add"},{"name":"path","valueString":"Observation"},' +
      '{"name":"name","valueString":"component"},' +
      '{"name":"value","part":[{"name":"value","valueQuantity":{"value":2.00}}]}]}]}';

    expect(patchedText(observation, parameters)).toBe(
      '{"resourceType":"Observation","valueQuantity":{"value":1.10},' +
        '"component":[{"valueQuantity":{"value":2.00}}]}',
    );
  });

  it('leaves the resource that it was given as it was', () => {
    const resource = bodyOf(PATIENT);
    const parameters = parametersOf([{ type: 'delete', path: 'Patient.name[0].family' }]);

    applyPathPatch(resource, parseExact(JSON.stringify(parameters)), (type) => shapes.find(type));

    expect(resource.value).toEqual({ resourceType: 'Patient', id: 'p', name: [{ family: 'A' }] });
  });

  it('has at most 1000 operations', () => {
    const deletes = (count: number) =>
      parametersOf(Array.from({ length: count }, () => ({ type: 'delete', path: 'Patient.text' })));

    expect(patched(PATIENT, deletes(1000))).toEqual(PATIENT);
    expect(failure(PATIENT, deletes(1001)).status).toBe(400);
  });

  it('has paths of at most 1000 characters', () => {
    const path = (length: number) => `Patient${' '.repeat(length - 'Patient'.length)}`;

    expect(patched(PATIENT, parametersOf([{ ...ADD, path: path(1000) }]))).toMatchObject({
      active: true,
    });
    expect(failure(PATIENT, parametersOf([{ ...ADD, path: path(1001) }])).status).toBe(400);
  });

  it('looks at so many elements and no more, in all operations together', () => {
    const given = Array.from({ length: 10_000 }, (_, at) => `n${at}`);
    const resource = { resourceType: 'Patient', name: [{ given }] };
    const path = "Patient.name.given.where($this = 'n1')";
    const replaces = (count: number) =>
      parametersOf(
        Array.from({ length: count }, () => ({
          type: 'replace',
          path,
          value: { valueString: 'n1' },
        })),
      );

    expect(patched(resource, replaces(5))).toEqual(resource);
    const error = failure(resource, replaces(50));
    expect(error.status).toBe(422);
    expect(error.message).toContain('takes too long');
  });

  it('copies so many values and no more, in all operations together', () => {
    const given = Array.from({ length: 20_000 }, (_, at) => `n${at}`);
    const resource = { resourceType: 'Patient', name: [{ given }] };
    const add = { type: 'add', path: 'Patient.name', name: 'given', value: { valueString: 'x' } };
    const adds = (count: number) => parametersOf(Array.from({ length: count }, () => add));

    expect(patched(resource, adds(2))).toEqual({
      resourceType: 'Patient',
      name: [{ given: [...given, 'x', 'x'] }],
    });
    const error = failure(resource, adds(130));
    expect(error.status).toBe(422);
    expect(error.message).toContain('the operation takes too long');
  });

  it('builds long lists from the parts of one value', () => {
    const count = 20_000;
    const parts = Array.from({ length: count }, (_, at) => ({
      name: 'given',
      valueString: `n${at}`,
    }));
    const value = { part: [{ name: 'name', part: parts }] };
    const add = { type: 'add', path: 'Patient', name: 'contact', value };

    expect(patched({ resourceType: 'Patient' }, parametersOf([add]))).toEqual({
      resourceType: 'Patient',
      contact: [{ name: { given: parts.map(({ valueString }) => valueString) } }],
    });
  });
});
