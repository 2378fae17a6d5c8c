import { readFileSync } from 'node:fs';
import type { Json, JsonObject } from '../../interactions/formats/json.js';
import { R4Definitions } from '../definitions/r4-definitions.js';
import { RESOURCE_TYPES } from '../resource-types.js';
import { structureIssues } from '../structure-issues.js';
import { ResourceValidator } from './resource-validator.js';
import { WORK_LIMITS, type WorkLimits } from './work-slices.js';

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

const R4 = new R4Definitions();
const validator = new ResourceValidator(R4, ['User']);

function resourceOf(resourceType: string, elements: JsonObject) {
  const merged: Record<string, Json> = { ...bases[resourceType], ...elements };
  const kept = Object.entries(merged).filter(([, value]) => value !== null);
  return { resourceType, ...Object.fromEntries<Json>(kept) };
}

async function errorsOf(resource: JsonObject & { readonly resourceType: string }) {
  const { resourceType: type } = resource;
  expect(structureIssues(type, resource)).toEqual([]);
  return (await validator.issues(resource, type))
    .filter(({ severity }) => severity === 'error')
    .map(({ code, expression }) => ({ code, expression }));
}

describe('ResourceValidator', () => {
  it.each(vectors)('refuses $name', async ({ on, broken, code, expression }) => {
    expect(await errorsOf(resourceOf(on, broken))).toEqual([{ code, expression }]);
  });

  it.each(vectors)('accepts the like of $name', async ({ on, valid }) => {
    expect(await errorsOf(resourceOf(on, valid))).toEqual([]);
  });

  it('has a name for each vector', () => {
    expect(new Set(vectors.map(({ name }) => name)).size).toBe(vectors.length);
  });

  it.each([...RESOURCE_TYPES.keys()])('compiles %s', async (type) => {
    const [first] = await validator.issues({ resourceType: type, unknown: 1 }, type);

    expect(first).toMatchObject({ code: 'structure', expression: `${type}.unknown` });
  });

  it('says what to do', async () => {
    const [issue] = await validator.issues({ resourceType: 'Patient', gender: 'M' }, 'Patient');

    expect(issue?.diagnostics).toBe(
      'Patient.gender must have a code of http://hl7.org/fhir/ValueSet/administrative-gender: ' +
        'male, female, other, unknown',
    );
  });

  it('shows no element whose name could be read as something else', async () => {
    const [issue] = await validator.issues({ resourceType: 'Patient', 'a b\n': 1 }, 'Patient');

    expect(issue?.expression).toBe('Patient.`…`');
  });

  it('knows nothing but own elements', async () => {
    expect(await errorsOf({ resourceType: 'Patient', constructor: 'x' })).toEqual([
      { code: 'structure', expression: 'Patient.constructor' },
    ]);
    expect(await errorsOf({ resourceType: 'toString' })).toEqual([
      { code: 'structure', expression: 'toString' },
    ]);
  });

  it('lets references lead to the types that this server has besides', async () => {
    const task = { resourceType: 'Task', status: 'draft', intent: 'order' };

    expect(await errorsOf({ ...task, focus: { reference: 'User/u1' } })).toEqual([]);
    expect(await errorsOf({ ...task, focus: { reference: 'Role2/u1' } })).toHaveLength(1);
  });

  it('names twenty problems, then how many more there are', async () => {
    const name = Array.from({ length: 30 }, () => ({ nick: 'x' }));
    const issues = await validator.issues({ resourceType: 'Patient', name }, 'Patient');

    expect(issues).toHaveLength(21);
    expect(issues.at(-1)).toMatchObject({
      severity: 'information',
      diagnostics: 'There are 10 more problems; mend these first',
    });
  });

  it('warns of what only is recommended', async () => {
    const library = {
      resourceType: 'Library',
      status: 'active',
      type: { text: 't' },
      name: 'a name',
    };

    expect(await validator.issues(library, 'Library')).toEqual([
      expect.objectContaining({ severity: 'warning', code: 'invariant', expression: 'Library' }),
      expect.objectContaining({ severity: 'warning', code: 'invariant', expression: 'Library' }),
    ]);
  });

  it('accepts what is large', async () => {
    const patient = new ResourceValidator(R4, [], { ...WORK_LIMITS, totalMs: Infinity });
    const item = Array.from({ length: 20_000 }, (_, at) => ({ linkId: `${at}`, type: 'string' }));
    const questionnaire = { resourceType: 'Questionnaire', status: 'draft', item };
    const issues = await patient.issues(questionnaire, 'Questionnaire');

    expect(issues.filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  describe('with constraints that look at much', () => {
    const item = Array.from({ length: 100 }, (_, at) => ({ linkId: `${at}`, type: 'string' }));
    const questionnaire = { resourceType: 'Questionnaire', status: 'draft', item };
    const errorsWithin = async (limits: Partial<WorkLimits>) => {
      const bounded = new ResourceValidator(R4, [], { ...WORK_LIMITS, ...limits });
      return (await bounded.issues(questionnaire, 'Questionnaire'))
        .filter(({ severity }) => severity === 'error')
        .map(({ code, expression }) => `${code} ${expression}`);
    };

    it('refuses what one of them cannot decide', async () => {
      // Every code is compared with every descendant.
      expect(await errorsWithin({ stepsAtOnce: 300 })).toEqual(['too-costly Questionnaire']);
      expect(await errorsWithin({ stepsAtOnce: 3_000 })).toEqual([]);
    });

    it('looks no further once they have looked at too much together', async () => {
      expect(await errorsWithin({ steps: 5_000 })).toEqual([
        expect.stringMatching(/^too-costly Questionnaire\.item\[\d+\]$/),
      ]);
      expect(await errorsWithin({ steps: 50_000 })).toEqual([]);
    });
  });

  describe('with a resource that takes long', () => {
    const name = Array.from({ length: 2_000 }, () => ({ family: 'x' }));
    const large = { resourceType: 'Patient', name };
    /** Each look at the clock is a millisecond later. */
    function ticking(totalMs: number) {
      let at = 0;
      const now = () => (at += 1);
      return new ResourceValidator(R4, [], { ...WORK_LIMITS, totalMs, now });
    }

    it('lets others have their turn', async () => {
      const order: string[] = [];
      const validated = ticking(100_000)
        .issues(large, 'Patient')
        .then(() => order.push('large resource'));
      setImmediate(() => order.push('other request'));
      await validated;

      expect(order).toEqual(['other request', 'large resource']);
    });

    it('gives several of them one turn between two rounds', async () => {
      const order: string[] = [];
      const patient = ticking(100_000);
      const both = ['first', 'second'].map((each) =>
        patient.issues(large, 'Patient').then(() => order.push(each)),
      );
      for (let round = 1; round <= 3; round += 1) {
        await new Promise((resolve) => setImmediate(resolve));
        order.push(`round ${round}`);
      }
      await Promise.all(both);

      expect(order).toEqual(['round 1', 'round 2', 'round 3', 'first', 'second']);
    });

    it('gives up when its time is used up, and says so', async () => {
      const given = await ticking(50).issues(large, 'Patient');
      const done = await ticking(100_000).issues(large, 'Patient');

      expect(given).toEqual([expect.objectContaining({ severity: 'error', code: 'too-costly' })]);
      expect(done.filter(({ severity }) => severity === 'error')).toEqual([]);
    });
  });
});
