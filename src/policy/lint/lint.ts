import { activated } from '../activated.js';
import { speaksOfAdministration } from '../administration.js';
import { asksAny, type Question } from '../constraints.js';
import { demandsOfPolicy } from '../index/policy-demands.js';
import { isObject, own, type Json } from '../json.js';
import { childrenOf, type Pattern } from '../matcho/pattern.js';
import { anchorsOf } from '../matcho/regex-anchors.js';
import type { Policy, Rule } from '../policy.js';
import { impossiblePlaces, rulesOf } from './never-holds.js';
import { askedBy, type Asked } from './places.js';
import { isChosenBySender, isUnknownPlace } from './request-shape.js';
import { warningOf, type Warning, type WarningCode } from './warning.js';

/** What is known of the server that a policy is for. */
export interface Surroundings {
  /** Ids of its operations; left out where they are not known. */
  readonly operations?: ReadonlySet<string>;
}

const IDENTITIES: readonly Question[] = (
  ['user', 'role', 'session', 'client', 'jwt', 'token'] as const
).map((key) => ({ keys: [key], asks: 'presence' }));

const ISSUER_PLACES: ReadonlySet<string> = new Set(['jwt.iss', 'token.iss', 'token.active']);

/** Texts that stand for somebody or something, of which a part is another. */
const NAMES: ReadonlySet<string> = new Set(
  (
    'jwt.iss jwt.sub jwt.aud jwt.client_id jwt.azp token.iss token.sub token.aud token.client_id ' +
    'user.id user.email user.userName client.id params.resource/id role.*.name session.role.*.name'
  ).split(' '),
);
/** Texts of which the beginning may be meant. */
const BEGINNINGS: ReadonlySet<string> = new Set(['uri', 'params.resource/type', 'operation.id']);

/** Warnings about a valid policy, in a fixed order; none of them changes how it is evaluated. */
export function lint(policy: Policy, { operations }: Surroundings = {}): readonly Warning[] {
  const rules = rulesOf(policy);
  const asked = askedBy(policy);
  const found: readonly (readonly [WarningCode, boolean | readonly string[]])[] = [
    ['not-admits-anonymous', admitsAnonymous(policy) && rules.some(negates)],
    ['allows-every-request', isGlobal(policy) && alwaysHolds(policy)],
    ['issuer-only', !speaksOfAdministration(policy) && namesOnlyIssuer(policy)],
    ['request-method-upper-case', asked.some(expectsUpperCase)],
    ['constant-keyword', rules.some(usesConstant)],
    ['unknown-operation', operations ? unknownOperations(policy, asked, operations) : false],
    ['unknown-key', asked.flatMap(unknownNames)],
    ['never-holds', impossiblePlaces(policy)],
    ['unguarded-path', asked.filter(isUnguarded).map(placeOf)],
    ['unanchored-regex', asked.filter(isUnanchored).map(placeOf)],
    ['tried-on-every-request', isTriedAlways(policy)],
  ];
  return found.flatMap(([code, applies]) => {
    if (typeof applies === 'boolean') return applies ? [warningOf(code)] : [];
    return applies.length > 0 ? [warningOf(code, applies)] : [];
  });
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

function expectsUpperCase(asked: Asked): boolean {
  return placeOf(asked) === 'request-method' && asked.texts.some(isUpperCase);
}

function isUpperCase(text: string): boolean {
  return text !== text.toLowerCase();
}

function usesConstant(rule: Rule): boolean {
  return rule.engine === 'json-schema' && rule.schema.usesConstant;
}

function unknownOperations(
  { links }: Policy,
  asked: readonly Asked[],
  known: ReadonlySet<string>,
): readonly string[] {
  const ids = asked.filter((one) => placeOf(one) === 'operation.id').flatMap(({ texts }) => texts);
  return [...(links?.operations ?? []), ...ids].filter((id) => !known.has(id));
}

function unknownNames({ keys, path }: Asked): readonly string[] {
  const names = isUnknownPlace(keys) ? [keys.slice(0, 2).join('.')] : [];
  return path !== undefined && isUnknownPlace(path) ? [...names, `.${path.join('.')}`] : names;
}

function isUnguarded({ keys, path }: Asked): boolean {
  return path !== undefined && isChosenBySender(path) && isChosenBySender(keys);
}

function isUnanchored(asked: Asked): boolean {
  if (asked.regex === undefined) return false;
  const place = placeOf(asked);
  const { start, end } = anchorsOf(asked.regex);
  return (!start && BEGINNINGS.has(place)) || ((!start || !end) && NAMES.has(place));
}

// What holds always has a warning of its own; what never decides, such as type: scope, demands nothing.
function isTriedAlways(policy: Policy): boolean {
  if (isGlobal(policy) && alwaysHolds(policy)) return false;
  return demandsOfPolicy(activated(policy))?.length === 0;
}

function placeOf({ keys }: Asked): string {
  return keys.join('.');
}
