import type { Json, JsonObject } from '../../interactions/formats/json.js';
import { storedCodes } from './value-set-codes.js';

const CONCEPTS = [{ code: 'a', concept: [{ code: 'b' }] }];
const systems: Readonly<Record<string, JsonObject>> = {
  'urn:whole': { content: 'complete', concept: CONCEPTS },
  'urn:part': { content: 'fragment', concept: CONCEPTS },
};

/** Which of these codes belong to a value set; `undefined` where it is not known. */
async function codesOf(valueSet: Record<string, Json>): Promise<readonly string[] | undefined> {
  const find = (type: string, canonical: string) => {
    const sets: Record<string, JsonObject> = {
      'urn:v': valueSet,
      'urn:other': { compose: { include: [{ system: 'urn:x', concept: [{ code: 'o' }] }] } },
    };
    return Promise.resolve(type === 'ValueSet' ? sets[canonical] : systems[canonical]);
  };
  const list = await storedCodes('urn:v', find);
  const asked = ['urn:whole|a', 'urn:whole|b', 'urn:x|a', 'urn:x|b', 'urn:x|o', 'urn:part|a'];
  return list && asked.filter((each) => list.has(...(each.split('|') as [string, string])));
}

const listed = (...codes: string[]) => ({
  system: 'urn:x',
  concept: codes.map((code) => ({ code })),
});

describe('storedCodes', () => {
  it.each<[string, Record<string, Json>, string[]]>([
    ['codes that it lists', { compose: { include: [listed('a', 'b')] } }, ['urn:x|a', 'urn:x|b']],
    [
      'all of a code system that is complete',
      { compose: { include: [{ system: 'urn:whole' }] } },
      ['urn:whole|a', 'urn:whole|b'],
    ],
    [
      'another value set',
      { compose: { include: [{ valueSet: ['urn:other'] }, listed('a')] } },
      ['urn:x|a', 'urn:x|o'],
    ],
    [
      'what is not excluded',
      { compose: { include: [listed('a', 'b')], exclude: [listed('a')] } },
      ['urn:x|b'],
    ],
    [
      'its expansion, where it has one',
      {
        compose: { include: [listed('o')] },
        expansion: {
          total: 2,
          contains: [
            { system: 'urn:x', code: 'a', contains: [{ system: 'urn:x', code: 'b' }] },
            { system: 'urn:x', code: 'o', abstract: true },
          ],
        },
      },
      ['urn:x|a', 'urn:x|b'],
    ],
  ])('takes %s', async (_what, valueSet, codes) => {
    expect(await codesOf(valueSet)).toEqual(codes);
  });

  it.each([
    [7, true],
    [8, false],
  ])('takes many codes from what it includes %i times: %s', async (times, isKnown) => {
    const many = Array.from({ length: 30_000 }, (_, at) => ({ code: `${at}` }));
    const sets: Record<string, JsonObject> = {
      'urn:v': { compose: { include: Array(times).fill({ valueSet: ['urn:many'] }) as Json[] } },
      'urn:many': { compose: { include: [{ system: 'urn:x', concept: many }] } },
    };
    const list = await storedCodes('urn:v', (_type, canonical) => Promise.resolve(sets[canonical]));

    expect(list !== undefined).toBe(isKnown);
  });

  it.each<[string, Record<string, Json>]>([
    ['nothing', {}],
    ['filters', { compose: { include: [{ system: 'urn:whole', filter: [{ op: '=' }] }] } }],
    ['a code system that is not complete', { compose: { include: [{ system: 'urn:part' }] } }],
    ['a code system that is not stored', { compose: { include: [{ system: 'urn:none' }] } }],
    ['a value set that is not stored', { compose: { include: [{ valueSet: ['urn:none'] }] } }],
    [
      'what is in several value sets',
      { compose: { include: [{ valueSet: ['urn:other', 'urn:v'] }] } },
    ],
    ['itself', { compose: { include: [{ valueSet: ['urn:v'] }] } }],
    [
      'a part of its expansion',
      { expansion: { total: 3, contains: [{ system: 'urn:x', code: 'a' }] } },
    ],
    ['a later page', { expansion: { offset: 1, contains: [{ system: 'urn:x', code: 'a' }] } }],
    [
      'more codes than are listed by hand',
      {
        compose: {
          include: [
            {
              system: 'urn:x',
              concept: Array.from({ length: 50_001 }, (_, at) => ({ code: `${at}` })),
            },
          ],
        },
      },
    ],
  ])('does not know the codes of %s', async (_what, valueSet) => {
    expect(await codesOf(valueSet)).toBeUndefined();
  });
});
