import type { Issue } from '../errors/fhir-error.js';
import { parseReference } from '../interactions/references/reference.js';
import { ownString, type Json, type JsonObject } from '../policy/json.js';
import { elementsAt } from './elements-at.js';

/** The types that a reference element may refer to, by element path; no types: any. */
export type ReferenceTypes = Readonly<Record<string, readonly string[]>>;

/**
 * One issue per reference that is not `Type/id` with an allowed type. What it refers to need not
 * exist.
 */
export function referenceIssues(resource: JsonObject, types: ReferenceTypes): readonly Issue[] {
  const root = ownString(resource, 'resourceType') ?? '';
  return Object.entries(types).flatMap(([path, allowed]) =>
    elementsAt(resource, path).flatMap(({ value, expression }) =>
      refersTo(value, allowed) ? [] : [refusal(`${root}.${expression}`, allowed)],
    ),
  );
}

function refersTo(value: Json, allowed: readonly string[]): boolean {
  const target = parseReference(value);
  if (target === undefined || target.versionId !== undefined) return false;
  return allowed.length === 0 || allowed.includes(target.resourceType);
}

function refusal(expression: string, allowed: readonly string[]): Issue {
  const types = allowed.length === 0 ? 'a resource' : allowed.join(' or ');
  const example = `${allowed[0] ?? 'Patient'}/id`;
  return {
    code: 'value',
    diagnostics: `Must refer to ${types} of this server, as in ${example}`,
    expression,
  };
}
