import { readFileSync } from 'node:fs';
import type { Json, JsonObject } from '../../interactions/formats/json.js';
import { R4Definitions } from '../definitions/r4-definitions.js';
import { RESOURCE_TYPES } from '../resource-types.js';
import { structureIssues } from '../structure-issues.js';
import { ResourceValidator } from './resource-validator.js';

interface Vector {
  readonly name: string;
  readonly on: string;
  /** Elements beside those of the base; null takes one away. */
  readonly broken: JsonObject;
  readonly valid: JsonObject;
  readonly code: string;
  readonly expression: string;
}

const { bases, vectors } = JSON.parse(readFileSync('test/vectors/validation/r4.json', 'utf8')) as {
  bases: Readonly<Record<string, JsonObject>>;
  vectors: readonly Vector[];
};

const validator = new ResourceValidator(new R4Definitions(), ['User']);

function resourceOf(resourceType: string, elements: JsonObject) {
  const merged: Record<string, Json> = { ...bases[resourceType], ...elements };
  const kept = Object.entries(merged).filter(([, value]) => value !== null);
  return { resourceType, ...Object.fromEntries<Json>(kept) };
}

function errorsOf(resource: JsonObject & { readonly resourceType: string }) {
  const { resourceType: type } = resource;
  expect(structureIssues(type, resource)).toEqual([]);
  return validator
    .issues(resource, type)
    .filter(({ severity }) => severity === 'error')
    .map(({ code, expression }) => ({ code, expression }));
}

describe('ResourceValidator', () => {
  it.each(vectors)('refuses $name', ({ on, broken, code, expression }) => {
    expect(errorsOf(resourceOf(on, broken))).toEqual([{ code, expression }]);
  });

  it.each(vectors)('accepts the like of $name', ({ on, valid }) => {
    expect(errorsOf(resourceOf(on, valid))).toEqual([]);
  });

  it('has a name for each vector', () => {
    expect(new Set(vectors.map(({ name }) => name)).size).toBe(vectors.length);
  });

  it.each([...RESOURCE_TYPES.keys()])('compiles %s', (type) => {
    const [first] = validator.issues({ resourceType: type, unknown: 1 }, type);

    expect(first).toMatchObject({ code: 'structure', expression: `${type}.unknown` });
  });

  it('says what to do', () => {
    const [issue] = validator.issues({ resourceType: 'Patient', gender: 'M' }, 'Patient');

    expect(issue?.diagnostics).toBe(
      'Patient.gender must have a code of http://hl7.org/fhir/ValueSet/administrative-gender: ' +
        'male, female, other, unknown',
    );
  });

  it('shows no element whose name could be read as something else', () => {
    const [issue] = validator.issues({ resourceType: 'Patient', 'a b\n': 1 }, 'Patient');

    expect(issue?.expression).toBe('Patient.`…`');
  });

  it('knows nothing but own elements', () => {
    expect(errorsOf({ resourceType: 'Patient', constructor: 'x' })).toEqual([
      { code: 'structure', expression: 'Patient.constructor' },
    ]);
    expect(errorsOf({ resourceType: 'toString' })).toEqual([
      { code: 'structure', expression: 'toString' },
    ]);
  });

  it('lets references lead to the types that this server has besides', () => {
    const task = { resourceType: 'Task', status: 'draft', intent: 'order' };

    expect(errorsOf({ ...task, focus: { reference: 'User/u1' } })).toEqual([]);
    expect(errorsOf({ ...task, focus: { reference: 'Role2/u1' } })).toHaveLength(1);
  });

  it('names twenty problems, then how many more there are', () => {
    const name = Array.from({ length: 30 }, () => ({ nick: 'x' }));
    const issues = validator.issues({ resourceType: 'Patient', name }, 'Patient');

    expect(issues).toHaveLength(21);
    expect(issues.at(-1)).toMatchObject({
      severity: 'information',
      diagnostics: 'There are 10 more problems; mend these first',
    });
  });

  it('warns of what only is recommended', () => {
    const library = {
      resourceType: 'Library',
      status: 'active',
      type: { text: 't' },
      name: 'a name',
    };

    expect(validator.issues(library, 'Library')).toEqual([
      expect.objectContaining({ severity: 'warning', code: 'invariant', expression: 'Library' }),
      expect.objectContaining({ severity: 'warning', code: 'invariant', expression: 'Library' }),
    ]);
  });

  it('refuses what it cannot decide within its bounds', () => {
    // Every code is compared with every descendant, once for each constraint that asks for them.
    const item = Array.from({ length: 60_000 }, (_, at) => ({ linkId: `${at}`, type: 'string' }));
    const questionnaire = { resourceType: 'Questionnaire', status: 'draft', item };

    const costly = validator.issues(questionnaire, 'Questionnaire');

    expect(costly.filter(({ severity }) => severity === 'error')[0]?.code).toBe('too-costly');
    expect(errorsOf({ ...questionnaire, item: item.slice(0, 5_000) })).toEqual([]);
  });
});
