import {
  BadRequest,
  InvalidResource,
  type Issue,
  UnsupportedMediaType,
} from '../../errors/fhir-error.js';
import { type BodyLimits, DEFAULT_BODY_LIMITS } from '../formats/body-limits.js';
import { bodyKind } from '../formats/body-media-type.js';
import { type ExactJson, parseExact, stringifyExact } from '../formats/exact-json.js';
import { isJsonObject, type Json, type ParsedBody } from '../formats/json.js';
import { parseJson } from '../formats/parse-json.js';
import { isDeeperThan } from './exact-values.js';
import { applyJsonPatch } from './json-patch.js';
import { applyMergePatch } from './merge-patch.js';
import { MalformedPatch } from './patch-errors.js';

/**
 * Applies a FHIRPath Patch to a resource.
 *
 * @param parameters a Parameters resource
 * @throws FhirError 400 where it is no patch, 422 where it does not fit the resource.
 */
export type PathPatch = (resource: ParsedBody, parameters: ExactJson) => ExactJson;

/** How patches of one kind of resource are applied. */
export interface PatchOptions {
  /** Absent where resources have no definitions by which paths could be followed. */
  readonly byPath?: PathPatch | undefined;
  readonly limits?: BodyLimits;
}

/**
 * Applies a patch to a resource as the caller sees it, decimals kept as written.
 *
 * `application/json-patch+json` and `application/merge-patch+json` say what they are; of other
 * types an array is a JSON Patch, a Parameters resource a FHIRPath Patch and any other object a merge
 * patch. All of a patch takes effect or nothing.
 *
 * @throws BadRequest (400) for a malformed patch, or one whose result is too large or too deep.
 * @throws InvalidResource (422) where it does not fit the resource, a failed `test` included, and
 * where it would change what is not the client's: `resourceType`, `id`, `meta.versionId`.
 * @throws UnsupportedMediaType (415) for a FHIRPath Patch where there are no definitions.
 */
export function applyPatch(
  current: ParsedBody,
  patch: ParsedBody,
  contentType: string | undefined,
  { byPath, limits = DEFAULT_BODY_LIMITS }: PatchOptions = {},
): ParsedBody {
  const document = parseExact(patch.text);
  const patched = boundedBody(resultOf(), limits);
  assertServersOwn(current.value, patched.value);
  return patched;

  function resultOf(): ExactJson {
    switch (patchKind(patch.value, contentType)) {
      case 'json-patch':
        return applyJsonPatch(parseExact(current.text), document, limits);
      case 'merge-patch':
        return applyMergePatch(parseExact(current.text), document);
      case 'path-patch':
        if (byPath) return byPath(current, document);
        throw new UnsupportedMediaType(
          'FHIRPath Patch is for clinical resources; send application/json-patch+json',
        );
    }
  }
}

/** The kinds of patches that are read. */
export type PatchKind = 'json-patch' | 'merge-patch' | 'path-patch';

/**
 * The kind of a patch, by its Content-Type and where that does not tell by its shape.
 *
 * @throws BadRequest (400) for what is none, UnsupportedMediaType (415) for a type that is not read.
 */
export function patchKind(patch: Json, contentType: string | undefined): PatchKind {
  const kind = bodyKind(contentType);
  if (kind === 'json-patch') return kind;
  if (kind !== 'merge-patch' && Array.isArray(patch)) return 'json-patch';
  if (!isJsonObject(patch)) throw new MalformedPatch('A patch is an array or an object');
  const isPath = kind !== 'merge-patch' && patch['resourceType'] === 'Parameters';
  return isPath ? 'path-patch' : 'merge-patch';
}

function boundedBody(result: ExactJson, limits: BodyLimits): ParsedBody {
  // Writing JSON is recursive.
  if (isDeeperThan(result, limits.maxDepth)) {
    throw new BadRequest(`The patch nests more than ${limits.maxDepth} levels`, 'structure');
  }
  const text = stringifyExact(result);
  if (Buffer.byteLength(text) > limits.maxBytes) {
    throw new BadRequest(`The patched resource exceeds ${limits.maxBytes} bytes`, 'too-long');
  }
  return parseJson(text, limits);
}

function assertServersOwn(before: Json, after: Json): void {
  if (!isJsonObject(before) || !isJsonObject(after)) {
    throw new InvalidResource([{ code: 'structure', diagnostics: 'The patch leaves no resource' }]);
  }
  const changed = ['resourceType', 'id'].filter((element) => before[element] !== after[element]);
  const version = versionOf(after);
  if (version !== undefined && version !== versionOf(before)) changed.push('meta.versionId');
  if (changed.length > 0)
    throw new InvalidResource(changed.map((element) => fixed(before, element)));
}

function versionOf({ meta }: { readonly [key: string]: Json }): Json | undefined {
  return isJsonObject(meta) ? meta['versionId'] : undefined;
}

function fixed(before: Json, element: string): Issue {
  const type = isJsonObject(before) ? before['resourceType'] : undefined;
  return {
    code: 'value',
    diagnostics: `A patch cannot change ${element}`,
    expression: `${typeof type === 'string' ? type : 'Resource'}.${element}`,
  };
}
