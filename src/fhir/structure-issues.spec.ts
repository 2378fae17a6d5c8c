import type { Json, JsonObject } from '../interactions/formats/json.js';
import { structureIssues } from './structure-issues.js';

function pathsOf(resource: JsonObject): (string | undefined)[] {
  return structureIssues('Patient', resource).map(({ expression }) => expression);
}

function nested(levels: number): JsonObject {
  let value: JsonObject = { a: 1 };
  for (let level = 1; level < levels; level += 1) value = { a: value };
  return value;
}

describe('structureIssues', () => {
  it.each<[string, JsonObject]>([
    ['false, zero and white space', { active: false, multipleBirthInteger: 0, language: ' ' }],
    [
      'null where the extension beside it stands',
      { given: ['a', null], _given: [null, { id: 'x' }] },
    ],
    ['extensions alone, in an array of their own', { _given: [{ id: 'x' }] }],
    ['nulls after the last value', { given: [null], _given: [{ id: 'x' }] }],
    ['a hundred levels', nested(100)],
  ])('allows %s', (_, resource) => {
    expect(pathsOf(resource)).toEqual([]);
  });

  it.each<[string, Json, string]>([
    ['null', null, 'Patient.x'],
    ['an empty string', '', 'Patient.x'],
    ['an empty object', {}, 'Patient.x'],
    ['an empty array', [], 'Patient.x'],
    ['null in an array with nothing beside it', ['a', null], 'Patient.x[1]'],
    ['an array in an array', [['a']], 'Patient.x[0]'],
    ['an empty object in an array', [{}], 'Patient.x[0]'],
    ['an empty string in an array', [''], 'Patient.x[0]'],
    ['what is deep inside', { y: [{ z: null }] }, 'Patient.x.y[0].z'],
  ])('refuses %s', (_, x, path) => {
    expect(pathsOf({ x })).toEqual([path]);
  });

  it('refuses null on both sides', () => {
    expect(pathsOf({ given: ['a', null], _given: [{ id: 'x' }, null] })).toEqual([
      'Patient.given[1]',
      'Patient._given[1]',
    ]);
  });

  it('does not take an inherited member for the other side', () => {
    const resource = Object.assign(Object.create({ _given: [{ id: 'x' }] }) as object, {
      given: [null],
    });

    expect(pathsOf(resource)).toEqual(['Patient.given[0]']);
  });

  it('refuses more than a hundred levels, however many', () => {
    expect(pathsOf(nested(101))).toHaveLength(1);
    expect(pathsOf(nested(20_000))).toHaveLength(1);
  });

  it('reports twenty problems at most', () => {
    expect(pathsOf({ given: Array<Json>(1000).fill(null) })).toHaveLength(20);
  });
});
