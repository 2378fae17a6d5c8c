import { profile, URL, validatorOf, type Element } from '../../../test/support/profiles.js';
import type { Json, JsonObject } from '../../interactions/formats/json.js';

async function found(
  elements: Record<string, Json>,
  definitions: readonly JsonObject[],
): Promise<readonly string[]> {
  const type = (definitions[0]?.['type'] ?? 'Patient') as string;
  const resource = { resourceType: type, meta: { profile: [URL] }, ...elements };
  const issues = await validatorOf(definitions).issues(resource, type);
  return issues.map(({ severity, code, expression }) => `${severity} ${code} ${expression}`);
}

const patient = (...elements: readonly Element[]) => profile('Patient', elements);

describe('the comparison with profiles', () => {
  it('ends where the root of a profile is of a type that must conform to the profile', async () => {
    const on = patient(
      ['Patient.active', { min: 1 }],
      ['Patient', { type: [{ code: 'Patient', profile: [URL] }] }],
    );

    expect(await found({}, [on])).toEqual([
      'warning not-supported Patient',
      'error required Patient.active',
    ]);
  });

  describe('with patterns of many items', () => {
    const codings = (count: number) => [
      ...Array.from({ length: count - 1 }, (_, at) => ({ system: 'urn:s', code: `c${at}` })),
      { system: 'urn:s', code: 'z' },
    ];
    const pattern = (count: number) => ({
      patternCodeableConcept: { coding: Array.from({ length: count }, () => ({ code: 'z' })) },
    });
    const tried = (url: string) => ({
      ...profile('CodeableConcept', [['CodeableConcept', pattern(800)]], { kind: 'complex-type' }),
      url,
    });

    it.each<[string, readonly JsonObject[]]>([
      ['at an element', [patient(['Patient.maritalStatus', pattern(800)])]],
      [
        'in profiles of which one must fit',
        [
          patient([
            'Patient.maritalStatus',
            { type: [{ code: 'CodeableConcept', profile: ['urn:a', 'urn:b'] }] },
          ]),
          tried('urn:a'),
          tried('urn:b'),
        ],
      ],
    ])('gives up where comparing takes too long, %s', async (_where, definitions) => {
      const issues = (count: number) =>
        found({ maritalStatus: { coding: codings(count) } }, definitions);

      expect(await issues(800)).toEqual(['error too-costly Patient.maritalStatus']);
      expect(await issues(100)).toEqual([]);
    });

    it('gives up where telling slices apart takes too long', async () => {
      const discriminator = [{ type: 'pattern', path: '$this' }];
      const on = profile('Observation', [
        ['Observation.category', { slicing: { discriminator, rules: 'closed' } }],
        ['Observation.category:a', pattern(800)],
      ]);
      const issues = (count: number) => found({ category: [{ coding: codings(count) }] }, [on]);

      expect(await issues(800)).toEqual(['error too-costly Observation']);
      expect(await issues(100)).toEqual([]);
    });
  });
});
