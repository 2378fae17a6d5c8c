import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../formats/json.js';
import { parseElement, type IndexTable } from '../definitions/search-element.js';
import { RowExtraction } from './extract-rows.js';

/** The rows of one element of a resource, without their slots. */
function rowsOf(table: IndexTable, notation: string, resource: JsonObject): readonly object[] {
  const extraction = new RowExtraction('https://here.example/fhir');
  for (const element of parseElement('Any', table, notation)) extraction.add(resource, element);
  return extraction.rows[table].map(({ slot: _slot, ...row }) => row);
}

const NOWHERE = { targetType: null, targetId: null, url: null };

describe('RowExtraction', () => {
  it.each([
    ['code:code', { code: 'a' }, [{ item: 0, system: null, code: 'a' }]],
    ['active:boolean', { active: false }, [{ item: 0, system: null, code: 'false' }]],
    [
      'code:CodeableConcept',
      { code: { coding: [{ system: 's', code: 'a' }, { code: 'b' }] } },
      [
        { item: 0, system: 's', code: 'a' },
        { item: 0, system: null, code: 'b' },
      ],
    ],
    ['code:CodeableConcept', { code: { text: 'x' } }, [{ item: 0, system: null, code: null }]],
    [
      'identifier:Identifier',
      { identifier: [{ system: 's', value: '1' }, { value: '2' }] },
      [
        { item: 1, system: 's', code: '1' },
        { item: 2, system: null, code: '2' },
      ],
    ],
    [
      'telecom[system=email]:ContactPoint',
      {
        telecom: [
          { system: 'phone', value: '1' },
          { system: 'email', value: 'a@b' },
        ],
      },
      [{ item: 2, system: null, code: 'a@b' }],
    ],
    [':Deceased', {}, [{ item: 0, system: null, code: 'false' }]],
    [':Deceased', { deceasedBoolean: false }, [{ item: 0, system: null, code: 'false' }]],
    [':Deceased', { deceasedBoolean: true }, [{ item: 0, system: null, code: 'true' }]],
    [':Deceased', { deceasedDateTime: '2020' }, [{ item: 0, system: null, code: 'true' }]],
  ])('finds tokens at %s of %j', (notation, resource, rows) => {
    expect(rowsOf('search_token', notation, resource)).toEqual(rows);
  });

  it('tells identifiers by their type, beside their system', () => {
    const type = { coding: [{ system: 't', code: 'MR' }] };

    expect(
      rowsOf('search_token', 'identifier:Identifier', {
        identifier: [{ type, system: 's', value: '1' }],
      }),
    ).toEqual([
      { item: 1, system: 's', code: '1' },
      { item: 1, system: 't', code: '["MR","1"]' },
    ]);
  });

  it('keeps long codes by their digest, and no short one can pass for it', () => {
    const code = (text: string) => rowsOf('search_token', 'code:code', { code: text });
    const [long] = code('x'.repeat(201)) as { code: string }[];

    expect(long?.code).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(code(long?.code ?? '')).not.toEqual([long]);
    expect(code('x'.repeat(200))).toEqual([{ item: 0, system: null, code: 'x'.repeat(200) }]);
  });

  it.each([
    ['2020-02', { low: '2020-02-01T00:00:00.000Z', high: '2020-03-01T00:00:00.000Z' }],
    [
      '2020-02-03T04:05+01:00',
      { low: '2020-02-03T03:05:00.000Z', high: '2020-02-03T03:06:00.000Z' },
    ],
    [{ start: '2020' }, { low: '2020-01-01T00:00:00.000Z', high: 'infinity' }],
    [{ end: '2020' }, { low: '-infinity', high: '2021-01-01T00:00:00.000Z' }],
    ['9999', { low: '9999-01-01T00:00:00.000Z', high: 'infinity' }],
  ])('spans %j', (value, span) => {
    expect(rowsOf('search_date', 'date:Period', { date: value })).toEqual([{ item: 0, ...span }]);
  });

  it('spans the events of a Timing', () => {
    const event = ['2020-05-02', '2020-01-01'];

    expect(rowsOf('search_date', 'when:Timing', { when: { event } })).toEqual([
      { item: 0, low: '2020-01-01T00:00:00.000Z', high: '2020-05-03T00:00:00.000Z' },
    ]);
  });

  it.each(['soon', '2020-02-30', { start: '2021', end: '2020' }, {}, 5])(
    'finds nothing by the date %j',
    (value) => {
      expect(rowsOf('search_date', 'date:dateTime', { date: value })).toEqual([]);
    },
  );

  it.each([
    [{ value: 1.5, system: 's', code: 'c', unit: 'u' }, ['1.5', '1.5', 's', 'c', 'u']],
    [{ value: 5, comparator: '<' }, ['-Infinity', '5', null, null, null]],
    [{ value: 5, comparator: '>=' }, ['5', 'Infinity', null, null, null]],
    [{ low: { value: 1, code: 'c' } }, ['1', 'Infinity', null, 'c', null]],
    [{ value: 9, currency: 'EUR' }, ['9', '9', 'urn:iso:std:iso:4217', 'EUR', null]],
    [{ unit: 'u' }, [null, null, null, null, null]],
    [7, ['7', '7', null, null, null]],
  ])('finds the amount %j', (value, [low, high, system, code, unit]) => {
    expect(rowsOf('search_quantity', 'value:Quantity', { value })).toEqual([
      { item: 0, low, high, system, code, unit },
    ]);
  });

  it.each([
    ['Patient/p1', { targetType: 'Patient', targetId: 'p1' }],
    ['Patient/p1/_history/2', { targetType: 'Patient', targetId: 'p1' }],
    ['https://here.example/fhir/Patient/p1', { targetType: 'Patient', targetId: 'p1' }],
    ['https://there.example/fhir/Patient/p1', { url: 'https://there.example/fhir/Patient/p1' }],
    ['urn:uuid:1', { url: 'urn:uuid:1' }],
    ['#contained', {}],
    [undefined, {}],
  ])('finds where %j leads', (reference, target) => {
    const subject = { display: 'x', ...(reference === undefined ? {} : { reference }) };

    expect(rowsOf('search_reference', 'subject:Reference', { subject })).toEqual([
      { item: 0, ...NOWHERE, ...target },
    ]);
  });

  it('finds a canonical with its version and without', () => {
    expect(rowsOf('search_uri', 'meta.profile:canonical', { meta: { profile: ['u|1'] } })).toEqual([
      { item: 1, value: 'u|1' },
      { item: 1, value: 'u' },
    ]);
  });

  it('compares texts without case, accents and repeated spaces, and keeps them as they are', () => {
    const name = [{ family: 'Müller  É', given: ['a', 'b'] }];

    expect(rowsOf('search_string', 'name:HumanName', { name })).toEqual([
      { item: 1, value: 'muller e', exact: 'Müller  É' },
      { item: 1, value: 'a', exact: 'a' },
      { item: 1, value: 'b', exact: 'b' },
    ]);
  });

  it('looks at the first entry only where the path says so', () => {
    const entry = [
      { resource: { resourceType: 'Composition', id: 'c' } },
      { resource: { resourceType: 'Patient', id: 'p' } },
    ];

    expect(rowsOf('search_reference', 'entry[0].resource:Resource', { entry })).toEqual([
      { item: 1, ...NOWHERE, targetType: 'Composition', targetId: 'c' },
    ]);
  });
});
