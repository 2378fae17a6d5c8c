import fc from 'fast-check';
import type { Json, JsonObject } from '../../interactions/formats/json.js';
import { R4Definitions } from '../definitions/r4-definitions.js';
import { structureIssues } from '../structure-issues.js';
import { ResourceValidator } from './resource-validator.js';
import { Shapes } from './shapes.js';

const TYPES = ['Patient', 'Observation', 'Bundle', 'Questionnaire', 'Parameters', 'CareTeam'];
const definitions = new R4Definitions();
const shapes = new Shapes(definitions);
const validator = new ResourceValidator(definitions);

const names = [
  ...TYPES,
  ...['Reference', 'Extension', 'CodeableConcept', 'Period', 'Narrative', 'Quantity'],
].flatMap((type) => [...(shapes.find(type)?.properties.keys() ?? [])]);
const words = [...TYPES, '#a', '#', 'a', 'Patient/a', '2024', 'final', 'male', 'group', '1'];

const { value } = fc.letrec<{ value: Json; object: JsonObject }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom<Json>(...words, true, 1, 1.5, -1),
    tie('object'),
    fc.array(tie('value'), { minLength: 1, maxLength: 3 }),
  ),
  object: fc.dictionary(fc.constantFrom('resourceType', 'reference', ...names), tie('value'), {
    minKeys: 1,
    maxKeys: 6,
  }),
}));

describe('ResourceValidator', () => {
  it('answers whatever it is given', async () => {
    const elements = fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 8 });

    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...TYPES), elements, async (type, parts) => {
        const resource = { ...parts, resourceType: type };
        if (structureIssues(type, resource).length > 0) return;

        for (const { expression, diagnostics } of await validator.issues(resource, type)) {
          expect(expression ?? type).toMatch(new RegExp(`^${type}`));
          expect(diagnostics.length).toBeGreaterThan(0);
        }
      }),
      { numRuns: 3_000 },
    );
  });
});
