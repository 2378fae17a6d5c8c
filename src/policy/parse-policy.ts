import { InvalidPolicy, joinPath, PolicyIssues } from './invalid-policy.js';
import { isArray, own, ownString, type Json, type JsonObject } from './json.js';
import { RegexBudget } from './matcho/regex-budget.js';
import { parseRule } from './parse-rule.js';
import { POLICY_STATUSES, POLICY_TYPES, type Policy, type PolicyLinks } from './policy.js';
import { parseReference } from './reference.js';
import type { SqlDialect } from './sql/sql-dialect.js';

const ROOT = 'AccessPolicy';
const MAX_LINKS = 1_000;

const ELEMENTS: ReadonlySet<string> = new Set(
  (
    'resourceType id meta text extension engine matcho schema sql and or rpc ' +
    'link roleName type description module status tests'
  ).split(' '),
);

/** What is known of a policy that is parsed. */
export interface PolicyOrigin {
  /** Whether it was checked when it was written: its schemas are compiled when they are first needed. */
  readonly isStored: boolean;
}

/**
 * Parses and compiles an AccessPolicy; everything about it is checked here and nothing when it is
 * evaluated (spec §7).
 *
 * @param sql what statements are checked against; without it, `engine: sql` is refused.
 * @throws InvalidPolicy with every problem, each with its path.
 */
export function parsePolicy(
  resource: JsonObject,
  sql?: SqlDialect,
  { isStored }: PolicyOrigin = { isStored: false },
): Policy {
  const issues = new PolicyIssues();
  for (const key of Object.keys(resource)) {
    if (!ELEMENTS.has(key) && !key.startsWith('_')) {
      issues.add(joinPath(ROOT, key), 'unknown element of AccessPolicy');
    }
  }
  const resourceType = own(resource, 'resourceType');
  if (resourceType !== undefined && resourceType !== ROOT) {
    issues.add(`${ROOT}.resourceType`, 'must be AccessPolicy');
  }
  const scope = {
    id: parseId(resource, issues),
    links: parseLinks(own(resource, 'link'), issues),
    roleName: parseRoleName(own(resource, 'roleName'), issues),
    type: parseCode(resource, 'type', POLICY_TYPES, issues),
    status: parseCode(resource, 'status', POLICY_STATUSES, issues) ?? 'active',
  };
  const within = { sql, isStored, expressions: new RegexBudget(), depth: 0 };
  const rule = issues.collect(() => parseRule(resource, ROOT, within));
  issues.throwIfAny();
  if (!rule) throw new InvalidPolicy([{ path: ROOT, message: 'no rule' }]);
  return { ...scope, ...rule };
}

function parseId(resource: JsonObject, issues: PolicyIssues): string {
  const id = own(resource, 'id');
  if (id === undefined) return '';
  if (typeof id === 'string' && /^[A-Za-z0-9\-.]{1,64}$/.test(id)) return id;
  issues.add(`${ROOT}.id`, 'up to 64 letters, digits, "-" and "."');
  return '';
}

function parseRoleName(value: Json | undefined, issues: PolicyIssues): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'string' && value.trim() !== '') return value;
  issues.add(`${ROOT}.roleName`, 'must not be empty: leave it out for a policy without a role');
  return undefined;
}

function parseCode<Code extends string>(
  resource: JsonObject,
  key: string,
  codes: readonly Code[],
  issues: PolicyIssues,
): Code | undefined {
  const code = ownString(resource, key);
  const known = codes.find((candidate) => candidate === code);
  if (known === undefined && own(resource, key) !== undefined) {
    issues.add(`${ROOT}.${key}`, `must be one of ${codes.join(', ')}`);
  }
  return known;
}

function parseLinks(value: Json | undefined, issues: PolicyIssues): PolicyLinks | undefined {
  if (value === undefined) return undefined;
  if (!isArray(value) || value.length === 0 || value.length > MAX_LINKS) {
    issues.add(`${ROOT}.link`, 'must not be empty: leave it out for a policy on every request');
    return undefined;
  }
  const links = {
    users: new Set<string>(),
    clients: new Set<string>(),
    operations: new Set<string>(),
  };
  const byType = new Map([
    ['User', links.users],
    ['Client', links.clients],
    ['Operation', links.operations],
  ]);
  value.forEach((link, index) => {
    const target = parseReference(typeof link === 'string' ? undefined : link);
    const ids = target && 'id' in target ? byType.get(target.resourceType) : undefined;
    if (ids && target && 'id' in target) ids.add(target.id);
    else issues.add(`${ROOT}.link[${index}]`, 'must refer to a User, Client or Operation');
  });
  return links;
}
