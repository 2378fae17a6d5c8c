import type { Json, JsonObject } from '../../src/policy/json.js';
import { naiveValid } from './naive-json-schema.js';
import { naiveMatch } from './naive-matcho.js';

/** The id of the policy that allows the request; `undefined` when none does. By the book, one rule a line. */
export function naiveDecision(
  policies: readonly JsonObject[],
  request: JsonObject,
): string | undefined {
  const [first] = policies
    .filter((policy) => applies(policy, request) && holds(policy, request))
    .sort(
      (one, other) => cost(one) - cost(other) || (textOf(one, 'id') < textOf(other, 'id') ? -1 : 1),
    );
  return first && textOf(first, 'id');
}

function applies(policy: JsonObject, request: JsonObject): boolean {
  const links = policy['link'] as readonly JsonObject[] | undefined;
  const roles = (request['role'] ?? []) as readonly JsonObject[];
  return (
    (policy['status'] ?? 'active') === 'active' &&
    (links === undefined || links.some((link) => namesOwn(link, request))) &&
    (policy['roleName'] === undefined ||
      roles.some((role) => role['name'] === policy['roleName'])) &&
    fits(policy['type'], request['uri'] === '/rpc')
  );
}

function fits(type: Json | undefined, isRpc: boolean): boolean {
  return type === undefined || type === (isRpc ? 'rpc' : 'rest');
}

/** Whether a link is to the request's own User, Client or Operation, in either form. */
function namesOwn(link: JsonObject, request: JsonObject): boolean {
  const name = link['reference'] ?? `${textOf(link, 'resourceType')}/${textOf(link, 'id')}`;
  return ['user', 'client', 'operation'].some((part) => {
    const own = request[part] as JsonObject | undefined;
    return own !== undefined && name === `${capital(part)}/${textOf(own, 'id')}`;
  });
}

function holds(rule: JsonObject, request: JsonObject): boolean {
  const and = rule['and'] as readonly JsonObject[] | undefined;
  const or = rule['or'] as readonly JsonObject[] | undefined;
  if (and) return and.every((part) => holds(part, request));
  if (or) return or.some((part) => holds(part, request));
  switch (textOf(rule, 'engine')) {
    case 'allow':
      return true;
    case 'matcho':
      return naiveMatch(rule['matcho'] ?? null, request, request);
    case 'json-schema':
      return naiveValid(rule['schema'] ?? true, request);
    default:
      return request['uri'] === '/rpc' && holdsOfMethod(rule, request);
  }
}

function holdsOfMethod(rule: JsonObject, request: JsonObject): boolean {
  const method = textOf((request['params'] ?? {}) as JsonObject, '_m');
  const methods = (rule['rpc'] ?? {}) as JsonObject;
  if (rule['engine'] === 'allow-rpc') return methods[method] === true;
  return method in methods && naiveMatch(methods[method] ?? null, request, request);
}

const COSTS = ['allow', 'matcho', 'json-schema', 'complex'];

function cost(policy: JsonObject): number {
  return COSTS.indexOf(textOf(policy, 'engine').replace('-rpc', ''));
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function textOf(object: JsonObject, key: string): string {
  const value = object[key];
  return typeof value === 'string' ? value : '';
}
