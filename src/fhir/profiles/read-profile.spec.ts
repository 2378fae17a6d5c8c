import { profile, type Element } from '../../../test/support/profiles.js';
import { UnusableProfile } from './profile-node.js';
import { readProfile } from './read-profile.js';

const read = (...elements: readonly Element[]) =>
  readProfile(profile('Patient', elements), (name) => name === 'Patient');

const times = (count: number, elementOf: (at: number) => Element): readonly Element[] =>
  Array.from({ length: count }, (_, at) => elementOf(at));

describe('readProfile', () => {
  it('puts elements and slices where their ids say', () => {
    const { root } = read(
      ['Patient.name:official.given', { min: 2 }],
      ['Patient.name', { max: '3' }],
      ['Patient.extension:a', { min: 1 }],
    );

    expect(root).toMatchObject({
      children: [
        {
          name: 'name',
          max: 3,
          slices: [{ sliceName: 'official', children: [{ name: 'given', min: 2 }] }],
        },
        {
          name: 'extension',
          slicing: { discriminators: [{ type: 'value', path: 'url' }] },
          slices: [{ sliceName: 'a', min: 1 }],
        },
      ],
    });
  });

  it.each<[string, readonly Element[], readonly Element[]]>([
    [
      'elements that nest too deep',
      [[`Patient${'.a'.repeat(51)}`]],
      [[`Patient${'.a'.repeat(50)}`]],
    ],
    ['ids of dots', [[`Patient.a${'.'.repeat(1_000)}`]], [['Patient.a']]],
    ['long ids', [[`Patient.${'a'.repeat(2_000)}`]], [[`Patient.${'a'.repeat(1_900)}`]]],
    [
      'many elements that only ids name',
      times(500, (at) => [`Patient.a${at}${'.b'.repeat(20)}`]),
      times(400, (at) => [`Patient.a${at}${'.b'.repeat(20)}`]),
    ],
    [
      'many slices that only ids name',
      times(500, (at) => [`Patient.a:${at}${'.b:c'.repeat(10)}`]),
      times(400, (at) => [`Patient.a:${at}${'.b:c'.repeat(10)}`]),
    ],
    [
      'many targets of one element',
      [
        [
          'Patient.link',
          { type: [{ code: 'Reference', targetProfile: Array(501).fill('urn:t') }] },
        ],
      ],
      [
        [
          'Patient.link',
          { type: [{ code: 'Reference', targetProfile: Array(500).fill('urn:t') }] },
        ],
      ],
    ],
    [
      'discriminators with long paths',
      [
        [
          'Patient.name',
          { slicing: { discriminator: [{ type: 'value', path: 'a'.repeat(1_001) }] } },
        ],
      ],
      [
        [
          'Patient.name',
          { slicing: { discriminator: [{ type: 'value', path: 'a'.repeat(1_000) }] } },
        ],
      ],
    ],
  ])('refuses %s', (_what, tooMany, allowed) => {
    expect(() => read(...tooMany)).toThrow(UnusableProfile);
    expect(() => read(...allowed)).not.toThrow();
  });

  it('counts the constraints that several definitions make of one element', () => {
    const constrained = (count: number) =>
      read(
        ...times(count, (at) => [
          'Patient.name',
          { constraint: [{ key: `k${at}`, severity: 'error', human: 'x', expression: 'true' }] },
        ]),
      );

    expect(() => constrained(501)).toThrow(UnusableProfile);
    expect(constrained(500).root.children[0]?.constraints).toHaveLength(500);
  });

  it('says that types of the root are not looked at', () => {
    const type = [{ code: 'Patient', profile: ['urn:p'] }];
    const { root } = read(['Patient', { type }], ['Patient.link.other', { type }]);

    expect(root).toMatchObject({ types: [], unsupported: ['the types of its root'] });
    expect(root.children[0]?.children[0]).toMatchObject({
      types: [{ code: 'Patient', profiles: ['urn:p'], targets: [] }],
      unsupported: [],
    });
  });
});
