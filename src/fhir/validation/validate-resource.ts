import { FhirError, type Issue } from '../../errors/fhir-error.js';
import { operationOutcome } from '../../errors/operation-outcome.js';
import type { Answer } from '../../interactions/http/answer.js';
import { isJsonObject, type Json, type ParsedBody } from '../../interactions/formats/json.js';
import type { ValidationRequest } from './validation-request.js';

/** Finds what is amiss with a body, as a write would. */
export interface Examiner {
  readonly type: string;
  /**
   * @param profiles that it is to conform to besides those that it claims
   * @throws FhirError for what is no resource of the type at all.
   */
  examine(
    body: ParsedBody,
    id: string | undefined,
    profiles: readonly string[],
  ): Promise<{ readonly issues: readonly Issue[] }>;
}

/**
 * What `$validate` answers: 200 with every problem that a write would be refused for, and with warnings
 * (FHIR R4, operation `$validate`). Nothing is stored, and of what is stored only profiles and value sets are
 * looked at.
 *
 * @param id of the route, where it has one
 */
export async function validateResource(
  { body, mode, profiles }: ValidationRequest,
  id: string | undefined,
  examiner: Examiner,
): Promise<Answer> {
  const found = [
    ...(await issuesOf(body, id, profiles, examiner)),
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
  profiles: readonly string[],
  examiner: Examiner,
): Promise<readonly Issue[]> {
  try {
    return (await examiner.examine(body, id, profiles)).issues;
  } catch (error) {
    if (error instanceof FhirError) return error.issues;
    throw error;
  }
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
