import { BadRequest } from '../../errors/fhir-error.js';
import { RESOURCE_TYPES } from '../../fhir/resource-types.js';
import { isJsonObject, type Json } from '../../interactions/formats/json.js';

/** Upstreams differ in what they take for the type: the case, slashes after it, a base before it. */
const BEFORE_CRITERIA = /(?:^\s*|\/)([A-Za-z]{1,64})\/*\?/g;
const TYPES: ReadonlySet<string> = new Set([...RESOURCE_TYPES].map((type) => type.toLowerCase()));
/** Operations of JSON Patch and FHIRPath Patch that write nothing but what they bring. */
const BRINGING: ReadonlySet<string> = new Set([
  ...['add', 'insert', 'replace', 'remove', 'delete', 'test'],
]);

/**
 * Refuses references that name their targets by criteria, or may be read so: upstreams may resolve them,
 * where nobody would have decided on the search. In a Bundle those that were understood are replaced before.
 *
 * @param content what is to be written
 * @param isPatch whether it is a patch document, of which any text may become a reference; so may any text of
 * the resource that an operation copies or moves to one
 * @throws BadRequest 400 that shows the reference, or names the operation
 */
export function assertLiteralReferences(content: Json, isPatch: boolean): void {
  assertLiteral(content, isPatch ? hasCriteria : () => false);
  if (isPatch) operationsOf(content).forEach(assertLiteralOperation);
}

function assertLiteralOperation(operation: Json): void {
  const { kinds, paths } = readOperation(operation);
  if (!paths.some((path) => /\breference\b/.test(path))) return;
  const other = kinds.find((kind) => !BRINGING.has(kind));
  if (other !== undefined) {
    const named = JSON.stringify(other.slice(0, 100));
    throw new BadRequest(`${named} makes no reference here; name the resource`, 'not-supported');
  }
  assertLiteral(operation, (text) => text.includes('?'));
}

function assertLiteral(content: Json, isRefused: (text: string) => boolean): void {
  for (const { text, isReference } of textsIn(content, false)) {
    if (!isRefused(text) && !(isReference && text.includes('?'))) continue;
    throw new BadRequest(
      `${JSON.stringify(text.slice(0, 100))} is no reference that is taken here; name the resource`,
      'not-supported',
    );
  }
}

/** The operations of a JSON Patch or a FHIRPath Patch. */
function operationsOf(patch: Json): readonly Json[] {
  const operations = isJsonObject(patch) ? patch['parameter'] : patch;
  return Array.isArray(operations) ? (operations as readonly Json[]) : [];
}

interface Operation {
  /** What it says that it does; a single thing, if it is well formed. */
  readonly kinds: readonly string[];
  /** Where it writes: its path, and the name of what FHIRPath Patch adds there. */
  readonly paths: readonly string[];
}

function readOperation(operation: Json): Operation {
  if (!isJsonObject(operation)) return { kinds: [], paths: [] };
  const { op, path, part } = operation;
  const parts = Array.isArray(part) ? (part as readonly Json[]).filter(isJsonObject) : [];
  const named = (...names: readonly string[]) =>
    parts
      .filter(({ name }) => isText(name) && names.includes(name))
      .flatMap((found) => Object.entries(found))
      .flatMap(([key, value]) => (key === 'name' ? [] : [value]));
  return {
    kinds: [op, ...named('type')].filter(isText),
    paths: [path, ...named('path', 'name')].filter(isText),
  };
}

/** Whether a text may be read as the type and criteria of a search. */
function hasCriteria(text: string): boolean {
  const lastEquals = text.lastIndexOf('=');
  for (const { 1: type = '', index } of text.matchAll(BEFORE_CRITERIA)) {
    if (index < lastEquals && TYPES.has(type.toLowerCase())) return true;
  }
  return false;
}

/** The texts of a value; those of an element `reference` are such also in an array, which some servers take. */
function* textsIn(
  value: Json,
  isReference: boolean,
): Generator<{ readonly text: string; readonly isReference: boolean }> {
  if (isText(value)) yield { text: value, isReference };
  else if (Array.isArray(value)) {
    for (const item of value as readonly Json[]) yield* textsIn(item, isReference);
  } else if (isJsonObject(value)) {
    for (const [key, child] of Object.entries(value)) yield* textsIn(child, key === 'reference');
  }
}

function isText(value: Json | undefined): value is string {
  return typeof value === 'string';
}
