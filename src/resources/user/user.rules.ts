import type { Issue } from '../../errors/fhir-error.js';
import { ownString, type JsonObject } from '../../policy/json.js';
import { referenceIssues } from '../reference-rules.js';
import { claimsToBeHash, isPasswordHash } from './password.js';
import { identifiersOf, isStorableIdentifier, MAX_IDENTIFIER_BYTES } from './user-identifier.js';

const REFERENCE_TYPES = {
  fhirUser: ['Patient', 'Practitioner', 'PractitionerRole', 'Person', 'RelatedPerson'],
  manager: ['User'],
  organization: ['Organization'],
  'link[].link': [],
};

/** Rules between the elements of a User that passed its DTO, secrets in place (spec §5). */
export function userIssues(user: JsonObject, passwordMinLength: number): readonly Issue[] {
  return [
    ...referenceIssues(user, REFERENCE_TYPES),
    ...passwordIssues(ownString(user, 'password'), passwordMinLength),
    ...identifierIssues(user),
  ];
}

/** Why a password, in clear or hashed, is not accepted. */
export function passwordIssues(password: string | undefined, minLength: number): readonly Issue[] {
  if (password === undefined) return [];
  if (claimsToBeHash(password)) {
    return isPasswordHash(password)
      ? []
      : [
          refusal(
            'password',
            'A password that begins with $s0$ must be a scrypt hash of bounded cost',
          ),
        ];
  }
  return Array.from(password).length >= minLength
    ? []
    : [refusal('password', `A password has at least ${minLength} characters`)];
}

function identifierIssues(user: JsonObject): readonly Issue[] {
  if (identifiersOf(user).every(isStorableIdentifier)) return [];
  const limit = `System and value have at most ${MAX_IDENTIFIER_BYTES} bytes together, without NUL`;
  return [refusal('identifier', limit)];
}

function refusal(element: string, diagnostics: string): Issue {
  return { code: 'value', diagnostics, expression: `User.${element}` };
}
