import type { Json, JsonObject } from '../../interactions/formats/json.js';
import { Deadline } from '../../interactions/load/deadline.js';
import type { QueryParams } from '../../interactions/search/parse-search.js';
import type { Search } from '../../interactions/search/search-query.js';
import type { Transaction } from '../../interactions/storage/transaction.js';
import { profile, URL } from '../../../test/support/profiles.js';
import { ProfileLibrary } from './profile-library.js';
import { definitionKey } from './reading-limits.js';

/** A library of these definitions, found by any URL that begins like theirs, and what was looked for. */
function libraryOf(definitions: readonly JsonObject[], padding = '') {
  const asked: string[] = [];
  const byKey = new Map<string, JsonObject[]>();
  for (const each of definitions) byKey.set(keyOf(each), [...(byKey.get(keyOf(each)) ?? []), each]);
  const parse = ({ url }: QueryParams, [type]: readonly string[]): Search => ({
    inline: [],
    included: [],
    run: () => {
      asked.push(String(url));
      const found = byKey.get(definitionKey(type ?? '', String(url))) ?? [];
      const matches = found.map((each) => asVersion(each, padding));
      return Promise.resolve({ total: undefined, matches, included: [], next: undefined });
    },
  });
  const sources = { knownCodes: () => undefined, isType: () => true };
  const searches = { parse, within: () => ({ parse }) };
  return { library: new ProfileLibrary(searches, sources), asked };
}

function keyOf(definition: JsonObject): string {
  const { resourceType, url } = definition as { resourceType: string; url: string };
  return definitionKey(resourceType, url);
}

function asVersion(definition: JsonObject, padding: string) {
  const text = JSON.stringify(definition) + padding;
  const at = new Date(0);
  const { resourceType } = definition as { resourceType: string };
  const method = 'PUT' as const;
  return {
    type: resourceType,
    id: 'a',
    versionId: 1,
    createdAt: at,
    lastUpdated: at,
    method,
    text,
  };
}

const within = (deadline?: Deadline) =>
  ({ manager: {}, changes: [], ...(deadline ? { deadline } : {}) }) as unknown as Transaction;
const bound = (valueSet: string) =>
  profile('Patient', [['Patient.gender', { binding: { strength: 'required', valueSet } }]]);
const valueSet = (url: string, include: readonly Json[]): JsonObject => ({
  resourceType: 'ValueSet',
  url,
  compose: { include },
});

describe('ProfileLibrary', () => {
  it('keeps what it has read until a definition changes', async () => {
    const { library, asked } = libraryOf([profile('Patient', [['Patient.name']])]);
    await library.closure(URL);
    await library.closure(URL);
    await library.onChanges([{ type: 'Client', id: 'a' }]);
    await library.closure(URL);
    expect(asked).toEqual([URL]);

    await library.onChanges([{ type: 'StructureDefinition', id: 'a' }]);
    await library.closure(URL);
    expect(asked).toEqual([URL, URL]);
  });

  it('keeps what is stored however much is asked for that is not', async () => {
    const { library, asked } = libraryOf([profile('Patient', [['Patient.name']])]);
    await library.closure(URL);
    for (let at = 0; at < 1_001; at += 1) await library.closure(`urn:invented:${at}`);
    await library.closure(URL);

    expect(asked.filter((url) => url === URL)).toEqual([URL]);
  });

  it('takes the latest version of what has the very URL', async () => {
    const named = (version: string, url = URL) =>
      profile('Patient', [[`Patient.${version}`]], { version, url });
    const { library } = libraryOf([
      named('1'),
      named('10'),
      named('9'),
      named('999', `${URL}|999`),
    ]);
    const { profiles } = await library.closure(URL);

    expect(profiles.get(URL)).toMatchObject({ root: { children: [{ name: '10' }] } });
  });

  it('looks for each value set once, in however many ways it is included', async () => {
    const includes = (url: string) => Array.from({ length: 100 }, () => ({ valueSet: [url] }));
    const { library, asked } = libraryOf([
      bound('urn:0'),
      ...[0, 1, 2, 3].map((at) => valueSet(`urn:${at}`, includes(`urn:${at + 1}`))),
      valueSet('urn:4', [{ system: 'urn:s', concept: [{ code: 'a' }] }]),
    ]);
    const { codes } = await library.closure(URL);

    expect(asked).toEqual([URL, 'urn:0', 'urn:1', 'urn:2', 'urn:3', 'urn:4']);
    expect(codes.get('urn:0')?.has('urn:s', 'a')).toBe(true);
  });

  it.each([
    [1_998, { type: 'Patient' }],
    [1_999, { problem: 'needs more than 2000 definitions' }],
  ])('reads a profile that needs %i code systems', async (count, expected) => {
    const systems = Array.from({ length: count }, (_, at) => `urn:s${at}`);
    const complete = systems.map((url) => ({
      resourceType: 'CodeSystem',
      url,
      content: 'complete',
    }));
    const includes = systems.map((system) => ({ system }));
    const { library } = libraryOf([bound('urn:v'), valueSet('urn:v', includes), ...complete]);

    expect((await library.closure(URL)).profiles.get(URL)).toMatchObject(expected);
  });

  it('reads no definitions that are too large together', async () => {
    const problem = 'needs definitions that are too large together';
    const read = async (padding: string) => {
      const { library } = libraryOf([profile('Patient', [['Patient.name']])], padding);
      return (await library.closure(URL)).profiles.get(URL);
    };

    expect(await read(' ')).toMatchObject({ type: 'Patient' });
    expect(await read(' '.repeat(200_000_000))).toEqual({ problem });
  });

  it('looks for nothing more when the transaction has no time left', async () => {
    const { library, asked } = libraryOf([profile('Patient', [['Patient.name']])]);
    let now = 0;
    const deadline = new Deadline(10, () => now);
    now = 11;

    await expect(library.closure(URL, within(deadline))).rejects.toThrow('took longer than 10 ms');
    expect(asked).toEqual([]);
    expect((await library.closure(URL, within())).profiles.get(URL)).toBeDefined();
  });
});
