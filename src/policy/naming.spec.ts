import fc from 'fast-check';
import { speaksOfAdministration } from './administration.js';
import type { Json, JsonObject } from './json.js';
import { isSpelledOut, SpellingWork } from './matcho/regex-spelling.js';
import { compileRegex, type LinearRegex } from './matcho/regex.js';
import { UnsupportedRegex } from './matcho/regex-syntax.js';
import { PATH_SPELLING } from './naming.js';
import { parsePolicy } from './parse-policy.js';

const UUID = '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}';

/** Expressions about a path: whether they name what it leads to. */
const PATHS: readonly (readonly [string, boolean])[] = [
  ['^/fhir/AccessPolicy$', true],
  ['^/fhir/(User|Role)(/|$)', true],
  ['^/AccessPolicy/[^/]+$', true],
  ['^/fhir/User/.*', true],
  ['(?i)^/fhir/accesspolicy', true],
  ['^/fhir/(?i)accesspolicy', true],
  ['^/(?:fhir/)?[Uu]ser/', true],
  ['^/fhir/AccessPolicy/[a-z-]+$', true],
  ['^/User/u-[0-9]+$', true],
  ['^[/]fhir[/]Role[/]', true],
  ['^/User|^/Role', true],
  ['^/fhir/(User|Role|Client)\\b', true],
  ['^/fhir/User(?!/secret)', true],
  ['^/fhir/Access', true],
  ['(?m)^/fhir/User$', true],
  ['^/rpc$', true],
  ['^/v1/', true],
  ['^/fhir$', true],
  ['^/\\$drop-cache$', true],
  ['^/\\$', true],
  ['^/fhir/Role{1,3}', true],
  ['Policy', false],
  ['/(User|Role)', false],
  ['/pt-', false],
  ['^/fhir', false],
  ['^/fhir/', false],
  ['^/fhir/Use', false],
  ['^/fhir/User|/pt-', false],
  ['^/fhir/(User|[A-Z][a-z]+)$', false],
  ['^/fhir/(User)?', false],
  ['^/fhir/[UR]', false],
  ['^/fhir/[UR](ser|ole)/', false],
  ['^/fhir/Role/|^/x$.', true],
  ['^/fhir/[A-Z]ser/', false],
  ['^/fhir/[^/]+/User', false],
  ['^/[a-z]+/User', false],
  ['User$', false],
  ['^/fhir/(?=User)', false],
  ['^/fhir/[A-Za-z]+/pt-[0-9]+$', false],
  ['^/fhir/[A-Za-z]+/clinic1-', false],
  ['^/fhir/[^/]+/clinic1-.*', false],
  ['^/fhir/[A-Za-z]+/[0-9]{4}$', false],
  ['^/fhir/[A-Za-z]+/[0-9]{6}$', false],
  ['^/fhir/[A-Za-z]+/[A-Z]{2}[0-9]{4}$', false],
  ['^/fhir/[A-Za-z]+/[a-z]+-[0-9]+$', false],
  ['^/fhir/[A-Z]{2}[0-9]{4}$', false],
  ['^/auth/test-policy$', true],
  ['^/fhir/[A-Za-z]+(/[0-9a-f-]{36})?$', false],
  [`^/fhir/[A-Za-z]+/${UUID}$`, false],
  ['^/fhir/\\w+/[^/]+$', false],
  ['^/fhir/\\w+/[A-Z0-9]{26}$', false],
  ['^/fhir/\\w+/[0-9]+$', false],
  ['^/fhir/[A-Za-z]+$', false],
  ['^/fhir/[A-Za-z]{12}$', false],
  ['^/fhir/[A-Z][a-z]{3}$', false],
  ['^/fhir/([A-Z][a-z]+){2}$', false],
  ['^/fhir/[A-N]', false],
  ['^/fhir/[O-Z]', false],
  ['^/fhir/(?!Patient$)', false],
  ['^/fhir/(?!AccessPolicy|User|Role|Client)', false],
  ['^/[A-Za-z]+$', false],
  ['^/[A-Z]\\w+/[^/]+$', false],
  ['^/fhir/\\w+/_search$', false],
  ['/_history', false],
  ['er', false],
  ['.', false],
];

/** Expressions about a type: whether they name one. */
const TYPES: readonly (readonly [string, boolean])[] = [
  ['^AccessPolicy$', true],
  ['^(User|Role)$', true],
  ['Policy$', true],
  ['Role', true],
  ['(?i)^user', true],
  ['^(Us|Ro)$', true],
  ['^Use', false],
  ['Pol', false],
  ['Policy|[A-Z]', false],
  ['^[A-Z]{2}[0-9]{4}$', false],
  ['^[A-Za-z]{40}$', false],
  ['^[A-Z][a-z]+$', false],
  ['^([A-Z][a-z]+)+$', false],
  ['^[A-Z][a-z]{3}$', false],
  ['^[a-zA-Z]{6}$', false],
  ['^[A-Z][a-z]{4,7}[A-Z][a-z]{4,11}$', false],
  ['^(?!Patient$)', false],
  ['^[A-N]', false],
  ['^[O-Z]', false],
  ['[aeiou]', false],
];

/** Expressions about an operation: whether they name one. */
const OPERATIONS: readonly (readonly [string, boolean])[] = [
  ['^FhirRead$', true],
  ['^Fhir(Read|Search)', true],
  ['History', true],
  ['Read$', true],
  ['^Fhir$', true],
  ['^decision$', true],
  ['Fhir', false],
  ['^Fhir.{4}$', false],
  ['^Fhir[A-Z][a-z]{40}$', false],
  ['^Fhir(Read|[A-Z])', false],
  ['^Fhir', false],
  ['Fhir[A-N]', false],
  ['Fhir[O-Z]', false],
  ['^(?!FhirDelete)', false],
];

const asMembers = (keys: readonly string[], value: Json): JsonObject =>
  keys.reduceRight<Json>((inner, key) => ({ [key]: inner }), value) as JsonObject;

const asSchema = (keys: readonly string[], value: Json): JsonObject =>
  keys.reduceRight<Json>(
    (inner, key) => ({ required: [key], properties: { [key]: inner } }),
    value,
  ) as JsonObject;

const asRule = (uri: string): JsonObject => ({ engine: 'matcho', matcho: { uri } });

describe.each([
  ['uri', ['uri'], PATHS, ['^/fhir/[A-N]', '^/fhir/[O-Z]']],
  ['type', ['params', 'resource/type'], TYPES, ['^[A-N]', '^[O-Z]']],
  ['operation', ['operation', 'id'], OPERATIONS, ['Fhir[A-N]', 'Fhir[O-Z]']],
] as const)('an expression about the %s', (_what, keys, cases, halves) => {
  const speaks = (rule: JsonObject): boolean => speaksOfAdministration(parsePolicy(rule));
  const matcho = (value: Json) => ({ engine: 'matcho', matcho: asMembers(keys, value) });

  it.each(cases)('%s speaks of administration: %j', (expression, expected) => {
    const schema = asSchema(keys, { type: 'string', pattern: expression });

    expect(speaks(matcho(`#${expression}`))).toBe(expected);
    expect(speaks({ engine: 'json-schema', schema })).toBe(expected);
  });

  it('does not, where several together find everything', () => {
    const parts = halves.map((half) => `#${half}`);
    const anyOf = halves.map((pattern) => asSchema(keys, { type: 'string', pattern }));

    expect(speaks(matcho({ '$one-of': parts }))).toBe(false);
    expect(speaks({ engine: 'complex', or: parts.map(matcho) })).toBe(false);
    expect(speaks({ engine: 'json-schema', schema: { anyOf } })).toBe(false);
  });
});

describe('expressions that take long to follow', () => {
  const oneOf = (count: number): JsonObject => ({
    engine: 'matcho',
    matcho: { uri: { '$one-of': Array.from({ length: count }, (_, at) => `#^/User/u${at}/`) } },
  });
  const anyLetter = `(?:${Array.from('abcdefghijklmnopqrstuvwxyz').join('|')})`;

  it('name nothing beyond what is followed for one policy', () => {
    expect(speaksOfAdministration(parsePolicy(oneOf(500)))).toBe(true);
    expect(speaksOfAdministration(parsePolicy(oneOf(4_000)))).toBe(false);
  });

  it('name nothing where they spell out every name that there could be', () => {
    const expression = `#(?i)^/fhir/${anyLetter.repeat(4)}`;

    expect(speaksOfAdministration(parsePolicy(asRule(expression)))).toBe(false);
  });

  it('name types, as many as there are', () => {
    const types = Array.from({ length: 150 }, (_, at) => `Type${at}`);

    expect(speaksOfAdministration(parsePolicy(asRule(`#^/(fhir/)?(${types.join('|')})/`)))).toBe(
      true,
    );
  });
});

describe('an expression that speaks of administration', () => {
  const pieces = fc.constantFrom(
    ...['^', '^', '/', '/fhir/', '(?:/fhir)?/', '^/fhir/', '(?:/|$)', '$', '|', '(?i)', '\\b'],
    ...['User', '(?:User|Role)', 'Us', '[Uu]ser', 'AccessPolicy', '(?:er)?', 'pt-', '[0-9]+'],
    ...['[A-Z]', '[a-z]+', '.', '.*', '[^/]+', '\\w{4}', '(?!Patient)', '(?=User)', '(?:a|Role)?'],
  );
  const paths = ['Zqxj', 'zqxj', 'ZQXJ', 'Zq', 'ZqxjUser', 'Zqxjvkwpmghtbd'].flatMap((type) =>
    ['', '/fhir'].flatMap((root) =>
      ['', '/pt-1', '/User', '/Role', '/12', '/xAccessPolicy', '/User/_history'].map(
        (rest) => `${root}/${type}${rest}`,
      ),
    ),
  );

  it('finds no path of a type that it does not spell', () => {
    let named = 0;
    fc.assert(
      fc.property(fc.array(pieces, { minLength: 1, maxLength: 7 }), (parts) => {
        const regex = parsed(parts.join(''));
        if (!regex || !isSpelledOut(regex.source, PATH_SPELLING, new SpellingWork())) return true;
        named += 1;
        return paths.every((path) => regex.test(path) === false);
      }),
      { numRuns: 5_000 },
    );

    expect(named).toBeGreaterThan(200);
  });

  function parsed(source: string): LinearRegex | undefined {
    try {
      return compileRegex(source);
    } catch (error) {
      if (error instanceof UnsupportedRegex) return undefined;
      throw error;
    }
  }
});
