import { FhirError, type Issue } from '../../errors/fhir-error.js';
import { operationOutcome } from '../../errors/operation-outcome.js';
import type { Answer } from '../../interactions/http/answer.js';
import { isJsonObject, type Json, type ParsedBody } from '../../interactions/formats/json.js';
import { claimWarnings, isOwnDefinition } from './profile-claims.js';
import type { ValidationRequest } from './validation-request.js';

/** Finds what is amiss with a body, as a write would. */
export interface Examiner {
  readonly type: string;
  /** @throws FhirError for what is no resource of the type at all. */
  examine(body: ParsedBody, id: string | undefined): Promise<{ readonly issues: readonly Issue[] }>;
}

/**
 * What `$validate` answers: 200 with every problem that a write would be refused for, and with warnings
 * (FHIR R4, operation `$validate`). Nothing is stored, and nothing that is stored is looked at.
 *
 * @param id of the route, where it has one
 */
export async function validateResource(
  { body, mode, profiles }: ValidationRequest,
  id: string | undefined,
  examiner: Examiner,
): Promise<Answer> {
  const found = [
    ...(await issuesOf(body, id, examiner)),
    ...profiles.flatMap((profile) => unknownProfile(profile, examiner.type)),
    ...(mode === 'update' ? missingId(body.value, examiner.type) : []),
  ];
  const issues = found.length > 0 ? found : [VALID];
  return { status: 200, headers: {}, text: JSON.stringify(operationOutcome(issues)) };
}

const VALID: Issue = {
  severity: 'information',
  code: 'informational',
  diagnostics: 'The resource is valid',
};

async function issuesOf(
  body: ParsedBody,
  id: string | undefined,
  examiner: Examiner,
): Promise<readonly Issue[]> {
  try {
    const { issues } = await examiner.examine(body, id);
    const claims = isJsonObject(body.value) ? claimWarnings(body.value, examiner.type) : [];
    return [...issues, ...claims];
  } catch (error) {
    if (error instanceof FhirError) return error.issues;
    throw error;
  }
}

/** What cannot be compared with a profile must not be said to conform to it. */
function unknownProfile(profile: string, type: string): readonly Issue[] {
  if (isOwnDefinition(profile, type)) return [];
  const diagnostics = `The profile ${profile.slice(0, 200)} is not known here, so nothing can be said of it`;
  return [{ severity: 'error', code: 'not-supported', diagnostics }];
}

function missingId(value: Json, type: string): readonly Issue[] {
  if (isJsonObject(value) && Object.hasOwn(value, 'id')) return [];
  const expression = `${type}.id`;
  return [
    {
      code: 'required',
      diagnostics: `${expression} is required for an update; add it`,
      expression,
    },
  ];
}
