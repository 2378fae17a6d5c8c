import type { JsonObject } from '../../policy/json.js';
import { RuleFindings } from './findings.js';
import { at, has, isPresent, objectAt, stringAt } from './json-members.js';
import { checkEndpoint, checkTokenPattern } from './token-introspector-endpoint.rules.js';
import { checkKeys } from './token-introspector-key.rules.js';
import { withoutStrayQuote } from './stray-quote.js';

/** What the rules need to know besides the resource. */
export interface RuleSurroundings {
  /** The other stored TokenIntrospectors. */
  readonly others: readonly JsonObject[];
  /** Why a URL would not be called; undefined when it would. */
  readonly refusedUrl: (url: string) => string | undefined;
}

/**
 * The rules of a TokenIntrospector that span several elements (spec §2), for a resource that passed
 * its DTO and has its secrets merged in; an element held as an external secret counts as present.
 */
export function checkTokenIntrospector(
  resource: JsonObject,
  surroundings: RuleSurroundings,
): RuleFindings {
  const findings = new RuleFindings();
  if (stringAt(resource, 'type') === 'jwt') {
    checkKeySource(resource, findings);
    checkKeys(resource, findings);
    checkClaimRules(resource, findings);
  } else {
    checkEndpoint(resource, surroundings.others, findings);
  }
  checkTokenPattern(resource, findings);
  checkUrls(resource, surroundings.refusedUrl, findings);
  return findings;
}

function checkKeySource(resource: JsonObject, findings: RuleFindings): void {
  const jwt = objectAt(resource, 'jwt');
  const sources = [
    ...(isPresent(jwt, 'secret') ? ['jwt.secret'] : []),
    ...(has(resource, 'jwks_uri') ? ['jwks_uri'] : []),
    ...(has(jwt, 'keys') ? ['jwt.keys'] : []),
  ];
  if (sources.length > 1) {
    for (const source of sources) {
      findings.refuse(source, `Exactly one of ${sources.join(' and ')} may be set`);
    }
  }
  if (sources.length === 0) checkDiscovery(stringAt(jwt, 'iss'), findings);
}

function checkDiscovery(iss: string | undefined, findings: RuleFindings): void {
  if (iss === undefined) {
    const message = 'One of jwt.secret, jwks_uri, jwt.keys, or jwt.iss for discovery, must be set';
    findings.refuse('jwt', message, 'required');
  } else if (!/^https?:\/\/[^\s"?#]+$/.test(iss) || !URL.canParse(iss)) {
    findings.refuse(
      'jwt.iss',
      'Without jwt.secret, jwks_uri or jwt.keys the keys are discovered at jwt.iss, ' +
        'which must then be an http or https URL without query and fragment',
    );
  }
}

function checkClaimRules(resource: JsonObject, findings: RuleFindings): void {
  const jwt = objectAt(resource, 'jwt');
  if (has(jwt, 'iss') && has(jwt, 'issuers')) {
    findings.refuse('jwt.issuers', 'jwt.issuers is for an introspector without jwt.iss');
  }
  if (at(jwt, 'exp_required') === false) {
    findings.warn('jwt.exp_required', 'Tokens without exp are valid until the key is replaced');
  }
  if (!has(jwt, 'aud')) {
    findings.warn('jwt.aud', 'No audience is named: tokens issued for other services are accepted');
  }
  if (has(resource, 'introspection_endpoint')) {
    findings.warn('introspection_endpoint', 'An introspector of type jwt asks no endpoint');
  }
}

function discoveredIssuer(resource: JsonObject): string | undefined {
  const jwt = objectAt(resource, 'jwt');
  const hasKeys = isPresent(jwt, 'secret') || has(resource, 'jwks_uri') || has(jwt, 'keys');
  const isDiscovered = at(resource, 'type') === 'jwt' && !hasKeys;
  return isDiscovered ? stringAt(jwt, 'iss') : undefined;
}

function checkUrls(
  resource: JsonObject,
  refusedUrl: (url: string) => string | undefined,
  findings: RuleFindings,
): void {
  const urls: readonly (readonly [string, string | undefined])[] = [
    ['jwks_uri', stringAt(resource, 'jwks_uri')],
    ['jwt.iss', discoveredIssuer(resource)],
    ['introspection_endpoint.url', stringAt(objectAt(resource, 'introspection_endpoint'), 'url')],
  ];
  for (const [path, url] of urls) {
    if (url?.endsWith('"')) findings.warn(path, 'The quotation mark at the end is ignored');
    const refused = url === undefined ? undefined : refusedUrl(withoutStrayQuote(url));
    if (refused !== undefined) findings.warn(path, `The URL will not be called: ${refused}`);
  }
}
