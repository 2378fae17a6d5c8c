import type { JsonObject } from '../../policy/json.js';
import type { RuleFindings } from './findings.js';
import { at, has, objectAt, stringAt } from './json-members.js';
import { tokenPatternIssue } from './token-pattern.js';

/** What an endpoint's answer is checked against; the rest of `jwt` is about signed tokens. */
const ANSWER_RULES = ['iss', 'aud', 'clock_skew'];
const HEADER_VALUE = /^[\x20-\x7e\x80-\xff]+$/;

/** The rules of introspectors that ask an endpoint (spec §2, opaque and aspxauth). */
export function checkEndpoint(
  resource: JsonObject,
  others: readonly JsonObject[],
  findings: RuleFindings,
): void {
  const type = stringAt(resource, 'type') ?? '';
  const endpoint = objectAt(resource, 'introspection_endpoint');
  if (!has(endpoint, 'url')) {
    findings.refuse('introspection_endpoint', `Type ${type} needs an endpoint`, 'required');
  }
  if (!isHeaderValue(stringAt(endpoint, 'authorization') ?? ' ')) {
    findings.refuse('introspection_endpoint.authorization', 'This cannot be sent as a header');
  }
  const unused = Object.keys(objectAt(resource, 'jwt')).filter((it) => !ANSWER_RULES.includes(it));
  if (has(resource, 'jwks_uri') || unused.length > 0) {
    const names = [
      ...(has(resource, 'jwks_uri') ? ['jwks_uri'] : []),
      ...unused.map((name) => `jwt.${name}`),
    ];
    findings.warn('type', `Only an introspector of type jwt uses ${names.join(', ')}`);
  }
  if (type === 'opaque') checkReach(resource, others, findings);
}

/** Whether a text can be the value of a header (RFC 9110 §5.5). */
export function isHeaderValue(text: string): boolean {
  return HEADER_VALUE.test(text);
}

/** `token_pattern` must be a regular expression that cannot hang the server. */
export function checkTokenPattern(resource: JsonObject, findings: RuleFindings): void {
  const pattern = stringAt(resource, 'token_pattern');
  const issue = pattern === undefined ? undefined : tokenPatternIssue(pattern);
  if (issue !== undefined) {
    findings.refuse('token_pattern', `The regular expression cannot be used: ${issue}`);
  }
  const isUsed = at(resource, 'type') === 'opaque';
  for (const element of isUsed ? [] : ['token_pattern', 'accept_jwt']) {
    if (has(resource, element)) {
      findings.warn(element, 'Only an introspector of type opaque uses it');
    }
  }
}

function checkReach(
  resource: JsonObject,
  others: readonly JsonObject[],
  findings: RuleFindings,
): void {
  if (isCatchAll(resource) && others.some(isCatchAll)) {
    findings.warn(
      'token_pattern',
      'Several opaque introspectors without it get every opaque token',
    );
  }
  const isNarrow = has(objectAt(resource, 'jwt'), 'iss') || has(resource, 'token_pattern');
  if (at(resource, 'accept_jwt') === true && !isNarrow) {
    findings.warn(
      'accept_jwt',
      'JWTs of any issuer that no other introspector accepts are sent to this endpoint; name jwt.iss',
    );
  }
}

function isCatchAll(resource: JsonObject): boolean {
  return (
    at(resource, 'type') === 'opaque' &&
    at(resource, 'active') !== false &&
    !has(resource, 'token_pattern')
  );
}
