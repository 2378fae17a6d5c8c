import { speaksOfAdministration } from './administration.js';
import { asksAny, type Question } from './constraints.js';
import { isArray, isObject, own, type Json } from './json.js';
import { childrenOf, type Pattern } from './matcho/pattern.js';
import type { Policy, Rule } from './policy.js';

/** Codes of the linter; stable, so that tools can silence or count them. */
export type WarningCode =
  | 'not-admits-anonymous'
  | 'allows-every-request'
  | 'issuer-only'
  | 'request-method-upper-case'
  | 'constant-keyword';

/** Something about a valid policy that its author may not have meant. */
export interface Warning {
  readonly code: WarningCode;
  readonly message: string;
}

const MESSAGES: Readonly<Record<WarningCode, string>> = {
  'not-admits-anonymous':
    'A negation also holds when the value is missing, so callers without any identity may be ' +
    'admitted; require one beside it, e.g. user: present?',
  'allows-every-request':
    'Without a link or roleName this allows every request, those without credentials included.',
  'issuer-only':
    'Any token of this issuer will do. This opens clinical types only: administration needs a ' +
    'link, a roleName, or a pattern on user, role, client, operation, uri or resource/type.',
  'request-method-upper-case': 'request-method is lower case; an upper-case value never matches.',
  'constant-keyword': '"constant" is read as "const", the keyword of draft-07.',
};

const IDENTITIES: readonly Question[] = (
  ['user', 'role', 'session', 'client', 'jwt', 'token'] as const
).map((key) => ({ keys: [key], asks: 'presence' }));

const ISSUER_PLACES: ReadonlySet<string> = new Set(['jwt.iss', 'token.iss', 'token.active']);

/** Warnings about a valid policy, in a fixed order; none of them changes how it is evaluated. */
export function lint(policy: Policy): readonly Warning[] {
  const rules = rulesOf(policy);
  const found: readonly (readonly [WarningCode, boolean])[] = [
    ['not-admits-anonymous', admitsAnonymous(policy) && rules.some(negates)],
    ['allows-every-request', isGlobal(policy) && alwaysHolds(policy)],
    ['issuer-only', !speaksOfAdministration(policy) && namesOnlyIssuer(policy)],
    ['request-method-upper-case', rules.some(expectsUpperCase)],
    ['constant-keyword', rules.some(usesConstant)],
  ];
  return found
    .filter(([, applies]) => applies)
    .map(([code]) => ({ code, message: MESSAGES[code] }));
}

function rulesOf(rule: Rule): readonly Rule[] {
  return rule.engine === 'complex' ? rule.rules.flatMap(rulesOf) : [rule];
}

function isGlobal(policy: Policy): boolean {
  return policy.links === undefined && policy.roleName === undefined;
}

function admitsAnonymous(policy: Policy): boolean {
  if (policy.roleName !== undefined || asksAny(policy, IDENTITIES)) return false;
  return policy.links === undefined || policy.links.operations.size > 0;
}

function alwaysHolds(rule: Rule): boolean {
  if (rule.engine !== 'complex') return rule.engine === 'allow';
  return rule.operator === 'and' ? rule.rules.every(alwaysHolds) : rule.rules.some(alwaysHolds);
}

function negates(rule: Rule): boolean {
  if (rule.engine === 'json-schema') return rule.schema.usesNot;
  return rule.engine === 'matcho' && containsNot(rule.pattern);
}

function containsNot(pattern: Pattern): boolean {
  return pattern.kind === 'not' || childrenOf(pattern).some(containsNot);
}

function namesOnlyIssuer(rule: Rule): boolean {
  const places = rulesOf(rule).flatMap(placesOf);
  return places.length > 0 && places.every((place) => ISSUER_PLACES.has(place));
}

function placesOf(rule: Rule): readonly string[] {
  if (rule.engine === 'matcho') return patternPlaces(rule.pattern, '');
  return rule.engine === 'json-schema' ? schemaPlaces(rule.schema.source, '') : [''];
}

function patternPlaces(pattern: Pattern, place: string): readonly string[] {
  if (pattern.kind !== 'members') return [place];
  return pattern.members.flatMap(([key, member]) =>
    patternPlaces(member, place === '' ? String(key) : `${place}.${key}`),
  );
}

function schemaPlaces(schema: Json | undefined, place: string): readonly string[] {
  const properties = own(schema, 'properties');
  if (!isObject(properties)) return [place];
  return Object.entries(properties).flatMap(([key, part]) =>
    schemaPlaces(part, place === '' ? key : `${place}.${key}`),
  );
}

function expectsUpperCase(rule: Rule): boolean {
  if (rule.engine === 'matcho') return methodsOf(rule.pattern).some(isUpperCase);
  if (rule.engine !== 'json-schema') return false;
  const method = own(own(rule.schema.source, 'properties'), 'request-method');
  const values = own(method, 'enum');
  return [own(method, 'const'), ...(isArray(values) ? values : [])].some(isUpperCase);
}

function methodsOf(pattern: Pattern): readonly (Json | undefined)[] {
  if (pattern.kind !== 'members') return childrenOf(pattern).flatMap(methodsOf);
  return pattern.members
    .filter(([key]) => key === 'request-method')
    .flatMap(([, member]) => valuesOf(member));
}

function valuesOf(pattern: Pattern): readonly (Json | undefined)[] {
  if (pattern.kind !== 'value') return childrenOf(pattern).flatMap(valuesOf);
  if (pattern.test.kind === 'equals') return [pattern.test.value];
  return pattern.test.kind === 'enum' ? [...pattern.test.values] : [];
}

function isUpperCase(value: Json | undefined): boolean {
  return typeof value === 'string' && value !== value.toLowerCase();
}

function usesConstant(rule: Rule): boolean {
  return rule.engine === 'json-schema' && rule.schema.usesConstant;
}
