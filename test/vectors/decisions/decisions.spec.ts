import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { prune, type AccessRequest } from '../../../src/policy/access-request.js';
import { decide, type Decision } from '../../../src/policy/decide.js';
import { PolicySet } from '../../../src/policy/index/policy-set.js';
import { parsePolicy } from '../../../src/policy/parse-policy.js';
import { POLICY_ENGINES, type Policy } from '../../../src/policy/policy.js';
import { casesOf, decisionGroups, IN_PROCESS } from '../../support/decision-vectors.js';

const OPERATORS = [
  ...['present?', 'nil?', 'not-blank?', '$enum', '$one-of', '$contains', '$every', '$not'],
  ...['$present-all', '$length', '$reference'],
];
const KEYWORDS = [
  ...['type', 'const', 'constant', 'enum', 'multipleOf', 'maximum', 'exclusiveMaximum', 'minimum'],
  ...['exclusiveMinimum', 'maxLength', 'minLength', 'pattern', 'items', 'additionalItems'],
  ...['maxItems', 'minItems', 'uniqueItems', 'contains', 'maxProperties', 'minProperties'],
  ...['required', 'properties', 'patternProperties', 'additionalProperties', 'dependencies'],
  ...['propertyNames', 'if', 'then', 'else', 'allOf', 'anyOf', 'oneOf', 'not', '$ref', '$data'],
];

const FILES = [...IN_PROCESS, 'sql'] as const;
const all = FILES.flatMap(decisionGroups);
const inProcess = IN_PROCESS.flatMap(decisionGroups);
const parsed = new Map(inProcess.map(({ policy }) => [policy.id, parsePolicy(policy)]));

function asSeen(written: object): AccessRequest {
  return (prune(written as AccessRequest) ?? {}) as AccessRequest;
}

function isAllowed(policies: Iterable<Policy>, request: AccessRequest): boolean {
  return (decide(policies, request, { administration: false }) as Decision).effect === 'allow';
}

function keysIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => [key, ...keysIn(part)]);
}

describe('the vectors of single decisions', () => {
  it.each(FILES)('are as their schema says: %s', (file) => {
    const schema = JSON.parse(
      readFileSync(new URL('schema.json', import.meta.url), 'utf8'),
    ) as object;
    const validate = new Ajv({ allErrors: true }).compile(schema);
    validate(decisionGroups(file));

    expect(validate.errors).toBeNull();
  });

  it('have every engine, operator and keyword, and ids of their own', () => {
    const written = (engine: string) =>
      new Set(
        all
          .filter(({ policy }) => policy.engine === engine)
          .flatMap(({ policy }) => keysIn(policy)),
      );

    expect(new Set(all.map(({ policy }) => policy.engine))).toEqual(new Set(POLICY_ENGINES));
    expect(OPERATORS.filter((name) => !written('matcho').has(name))).toEqual([]);
    expect(KEYWORDS.filter((name) => !written('json-schema').has(name))).toEqual([]);
    expect(new Set(all.map(({ policy }) => policy.id)).size).toBe(all.length);
  });

  it('are many, and in each group something is denied unless every request is allowed', () => {
    expect(inProcess.flatMap(casesOf).length).toBeGreaterThan(4_500);
    const oneSided = ({ name, allows, denies }: (typeof all)[number]) =>
      (allows.length === 0 && !name.includes('never') && !name.includes('nothing')) ||
      (denies.length === 0 && !name.includes('every request'));

    expect(all.filter(oneSided).map(({ name }) => name)).toEqual([]);
  });
});

describe('decide', () => {
  it.each(inProcess)('decides $name', (group) => {
    const policy = parsed.get(group.policy.id) as Policy;
    const wrong = casesOf(group).filter(
      ({ request, effect }) => isAllowed([policy], asSeen(request)) !== (effect === 'allow'),
    );

    expect(wrong).toEqual([]);
  });
});

describe('the index over all of the policies', () => {
  const index = PolicySet.of(parsed);

  it.each(inProcess)('finds the policy for what it allows: $name', (group) => {
    const wrong = casesOf(group).filter(({ policy, request, effect }) => {
      const seen = asSeen(request);
      const own = index.candidatesFor(seen).filter(({ id }) => id === policy.id);
      return isAllowed(own, seen) !== (effect === 'allow');
    });

    expect(wrong).toEqual([]);
  });

  it('leaves out no policy that any of the requests fulfils', () => {
    const requests = inProcess.flatMap(casesOf).filter((_case, at) => at % 12 === 0);
    const differences = requests.filter(({ request }) => {
      const seen = asSeen(request);
      const holding = (policies: Iterable<Policy>) =>
        [...policies].filter((policy) => isAllowed([policy], seen)).map(({ id }) => id);
      const found = holding(index.candidatesFor(seen)).toSorted();
      return found.join() !== holding(parsed.values()).toSorted().join();
    });

    expect(differences).toEqual([]);
  });
});
