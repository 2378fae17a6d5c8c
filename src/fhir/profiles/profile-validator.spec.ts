import { readFileSync } from 'node:fs';
import {
  LENIENT,
  profile,
  URL,
  validatorOf,
  type Element,
} from '../../../test/support/profiles.js';
import type { Json, JsonObject } from '../../interactions/formats/json.js';

async function found(
  elements: Record<string, Json>,
  definitions: readonly JsonObject[],
  settings = LENIENT,
): Promise<readonly string[]> {
  const type = (definitions[0]?.['type'] ?? 'Patient') as string;
  const resource = { resourceType: type, meta: { profile: [URL] }, ...elements };
  const issues = await validatorOf(definitions, settings).issues(resource, type);
  return issues.map(({ severity, code, expression }) => `${severity} ${code} ${expression}`);
}

const patient = (...elements: readonly Element[]) => profile('Patient', elements);

interface Vector {
  readonly name: string;
  readonly type: string;
  readonly profile: readonly Element[];
  readonly broken: Record<string, Json>;
  readonly valid: Record<string, Json>;
  readonly code: string;
  readonly expression: string;
}

const vectors = JSON.parse(
  readFileSync('test/vectors/validation/profiles.json', 'utf8'),
) as readonly Vector[];

describe('ProfileValidator', () => {
  it.each(vectors)('refuses $name', async ({ type, profile: elements, ...vector }) => {
    const { broken, code, expression } = vector;

    expect(await found(broken, [profile(type, elements)])).toEqual([`error ${code} ${expression}`]);
  });

  it.each(vectors)('accepts the like of $name', async ({ type, profile: elements, valid }) => {
    expect(await found(valid, [profile(type, elements)])).toEqual([]);
  });

  describe('with extensions', () => {
    const extension = (url: string, elements: readonly Element[]) => ({
      ...profile('Extension', elements),
      url,
      kind: 'complex-type',
    });
    const on = patient([
      'Patient.extension:born',
      { min: 1, max: '1', type: [{ code: 'Extension', profile: ['urn:born'] }] },
    ]);
    const born = extension('urn:born', [['Extension.value[x]', { type: [{ code: 'string' }] }]]);

    it('finds them by their URL, and compares them with their definition', async () => {
      const with_ = (...extensions: Json[]) => found({ extension: extensions }, [on, born]);

      expect(await with_({ url: 'urn:born', valueString: 'x' })).toEqual([]);
      expect(await with_({ url: 'urn:other', valueString: 'x' })).toEqual([
        'error required Patient.extension',
      ]);
      expect(await with_({ url: 'urn:born', valueInteger: 1 })).toEqual([
        'error structure Patient.extension[0].value.ofType(integer)',
      ]);
    });

    it('says that one is not looked at whose definition is not known', async () => {
      expect(await found({ extension: [{ url: 'urn:born', valueString: 'x' }] }, [on])).toEqual([
        'warning not-supported Patient.extension[0]',
      ]);
    });
  });

  it.each<[string, Element[]]>([
    ['slices that nothing tells apart', [['Patient.name'], ['Patient.name:a', { max: '1' }]]],
    [
      'discriminators by profile',
      [
        [
          'Patient.name',
          { slicing: { discriminator: [{ type: 'profile', path: '$this' }], rules: 'open' } },
        ],
        ['Patient.name:a', { max: '1' }],
      ],
    ],
    ['ranges', [['Patient.name', { minValueInteger: 1 }]]],
    [
      'value sets that are not known',
      [['Patient.name.family', { binding: { strength: 'required', valueSet: 'urn:v' } }]],
    ],
    [
      'expressions that are not supported',
      [
        [
          'Patient.name',
          { constraint: [{ key: 'x', severity: 'error', human: 'x', expression: 'a.b.c(1)' }] },
        ],
      ],
    ],
    ['elements that are not there', [['Patient.nme', { max: '1' }]]],
  ])('says that it does not look at %s', async (_what, elements) => {
    const issues = await found({ name: [{ family: 'x' }, { family: 'y' }] }, [
      patient(...elements),
    ]);

    expect(issues.length).toBeGreaterThan(0);
    expect(issues.filter((issue) => !issue.startsWith('warning not-supported'))).toEqual([]);
  });

  it.each<[string, JsonObject]>([
    ['a definition of a type', profile('Patient', [], { derivation: 'specialization' })],
    ['a logical model', profile('Patient', [], { kind: 'logical' })],
    ['a profile without elements', profile('Patient', [])],
    ['a profile for R5', profile('Patient', [['Patient.name']], { fhirVersion: '5.0.0' })],
    [
      'a profile without snapshot whose base is not stored',
      profile('Patient', [['Patient.name']], { baseDefinition: 'urn:base' }),
    ],
    [
      'a profile that is based on itself',
      profile('Patient', [['Patient.name']], { baseDefinition: URL }),
    ],
  ])('refuses what claims %s', async (_what, definition) => {
    expect(await found({}, [definition])).toEqual(['error not-supported Patient.meta.profile[0]']);
  });

  it('refuses what claims a profile of another type', async () => {
    const group = profile('Group', [['Group.name', { min: 1 }]]);
    const resource = { resourceType: 'Patient', meta: { profile: [URL] } };

    expect(await validatorOf([group]).issues(resource, 'Patient')).toEqual([
      expect.objectContaining({ severity: 'error', expression: 'Patient.meta.profile[0]' }),
    ]);
  });

  it('warns of a claim to a profile that is not known, or refuses it', async () => {
    const strict = { ...LENIENT, refusesUnknownProfiles: true };

    expect(await found({}, [])).toEqual(['warning not-supported Patient.meta.profile[0]']);
    expect(await found({}, [], strict)).toEqual(['error not-supported Patient.meta.profile[0]']);
  });

  it('compares with what a profile without snapshot is based on, too', async () => {
    const base = { ...patient(['Patient.gender', { min: 1 }]), url: 'urn:base' };
    const on = profile('Patient', [['Patient.name', { min: 1 }]], { baseDefinition: 'urn:base' });

    expect(await found({}, [on, base])).toEqual([
      'error required Patient.gender',
      'error required Patient.name',
    ]);
  });

  it('tells slices apart as the profile says that it is based on', async () => {
    const base = {
      ...patient(
        [
          'Patient.identifier',
          { slicing: { discriminator: [{ type: 'value', path: 'system' }], rules: 'open' } },
        ],
        ['Patient.identifier:a'],
        ['Patient.identifier:a.system', { fixedUri: 'urn:a' }],
      ),
      url: 'urn:base',
    };
    const on = profile(
      'Patient',
      [
        ['Patient.identifier:a', { min: 1 }],
        ['Patient.identifier:b', { max: '0' }],
        ['Patient.identifier:b.system', { fixedUri: 'urn:b' }],
      ],
      { baseDefinition: 'urn:base' },
    );
    const with_ = (...systems: string[]) =>
      found({ identifier: systems.map((system) => ({ system })) }, [on, base]);

    expect(await with_('urn:a', 'urn:c')).toEqual([]);
    expect(await with_('urn:c')).toEqual(['error required Patient.identifier']);
    expect(await with_('urn:a', 'urn:b')).toEqual(['error structure Patient.identifier']);
  });

  it('takes a snapshot for the whole profile', async () => {
    const on = profile('Patient', [], {
      baseDefinition: 'urn:base',
      snapshot: {
        element: [
          { id: 'Patient', path: 'Patient' },
          { id: 'Patient.gender', path: 'Patient.gender', min: 1, base: { min: 0, max: '1' } },
        ],
      },
    });

    expect(await found({}, [on])).toEqual(['error required Patient.gender']);
  });

  it('compares resources within the resource with what they claim', async () => {
    const contained = { resourceType: 'Patient', id: 'a', meta: { profile: [URL] } };
    const resource = { resourceType: 'List', contained: [contained] };
    const bundle = { resourceType: 'Bundle', entry: [{ resource: contained }] };
    const validator = validatorOf([patient(['Patient.gender', { min: 1 }])]);
    const expressions = async (outer: JsonObject, type: string) =>
      (await validator.issues(outer, type)).map(({ expression }) => expression);

    expect(await expressions(resource, 'List')).toEqual(['List.contained[0].gender']);
    expect(await expressions(bundle, 'Bundle')).toEqual(['Bundle.entry[0].resource.gender']);
  });

  it('compares with required profiles what claims none, and refuses it where they are not known', async () => {
    const settings = { ...LENIENT, requiredProfiles: new Map([['Patient', [URL]]]) };
    const on = patient(['Patient.gender', { min: 1 }]);
    const issues = async (definitions: JsonObject[], elements = {}) =>
      (
        await validatorOf(definitions, settings).issues(
          { resourceType: 'Patient', ...elements },
          'Patient',
        )
      ).map(({ severity, code, expression }) => `${severity} ${code} ${expression}`);

    expect(await issues([on])).toEqual(['error required Patient.gender']);
    expect(await issues([on], { gender: 'male' })).toEqual([]);
    expect(await issues([], { gender: 'male' })).toEqual(['error not-supported Patient']);
  });

  it('compares system resources', async () => {
    const on = profile('User', [
      ['User.data.ward', { min: 1 }],
      ['User.email', { fixedString: 'a@x.example' }],
      [
        'User',
        {
          constraint: [
            { key: 'u', severity: 'error', human: 'x', expression: "id = 'u' and name.exists()" },
          ],
        },
      ],
    ]);
    const nameless = { id: 'u', data: { ward: 'w' }, email: 'a@x.example' };
    const valid = { ...nameless, name: { givenName: 'a' } };

    expect(await found(valid, [on])).toEqual([]);
    expect(await found({ ...valid, data: { x: 1 } }, [on])).toEqual([
      'error required User.data.ward',
    ]);
    expect(await found({ ...valid, email: 'b@x.example' }, [on])).toEqual([
      'error value User.email',
    ]);
    expect(await found(nameless, [on])).toEqual(['error invariant User']);
  });

  it('says that more profiles are too many', async () => {
    const claimed = Array.from({ length: 51 }, (_, at) => `urn:p${at}`);
    const resource = { resourceType: 'Patient', meta: { profile: claimed } };

    expect(await validatorOf([]).issues(resource, 'Patient')).toEqual([
      expect.objectContaining({ severity: 'error', code: 'too-costly' }),
    ]);
  });
});
