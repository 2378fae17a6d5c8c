import { isJsonObject, type Json, type JsonObject } from '../../interactions/formats/json.js';
import { RESOURCE_TYPES } from '../resource-types.js';
import type { Findings } from './findings.js';

const ID = '[A-Za-z0-9\\-.]{1,64}';
const RELATIVE = new RegExp(`^([A-Z][A-Za-z]{0,63})/${ID}(?:/_history/${ID})?$`);
const RESTFUL = new RegExp(`^https?://[^\\s?#]+/([A-Z][A-Za-z]{0,63})/${ID}(?:/_history/${ID})?$`);
const LOCAL = /^#(.*)$/s;
const ABSOLUTE = /^[A-Za-z][A-Za-z0-9+.-]*:\S+$/;

/** What references are compared with. */
export interface ReferenceScope {
  /** Whether this server or FHIR R4 knows resources of that type. */
  isKnownType(name: string): boolean;
  /** The resource in which contained ones are. */
  readonly root: JsonObject;
}

/**
 * Checks `Reference.reference` (FHIR R4, References §2.3.0): its form, and that it leads to a type which the
 * element allows, as far as the text or a contained resource says the type. Whether what it leads to exists
 * is another question.
 *
 * @param targets absent where any type may be meant
 */
export function checkReference(
  reference: JsonObject,
  targets: readonly string[] | undefined,
  scope: ReferenceScope,
  findings: Findings,
): void {
  const text = own(reference, 'reference');
  const said = own(reference, 'type');
  if (typeof text === 'string') checkText(text, targets, scope, findings);
  if (typeof said === 'string')
    checkType(said.split('/').at(-1) ?? '', 'type', targets, { scope, findings });
}

/**
 * The type of the resource that a Reference leads to, as far as its text or a contained resource says it.
 *
 * @param root the resource in which contained ones are
 */
export function referencedType(reference: JsonObject, root: JsonObject): string | undefined {
  const text = own(reference, 'reference');
  const said = own(reference, 'type');
  if (typeof text !== 'string') {
    return typeof said === 'string' ? said.split('/').at(-1) : undefined;
  }
  const [, local] = LOCAL.exec(text) ?? [];
  const scope = { root, isKnownType: (name: string) => RESOURCE_TYPES.has(name) };
  return local === undefined ? typeIn(text, scope) : containedType(local, scope);
}

function checkText(
  text: string,
  targets: readonly string[] | undefined,
  scope: ReferenceScope,
  findings: Findings,
): void {
  const [, local] = LOCAL.exec(text) ?? [];
  const type = local === undefined ? typeIn(text, scope) : containedType(local, scope);
  if (type !== undefined) {
    checkType(type, 'reference', targets, { scope, findings });
  } else if (local !== undefined) {
    findings.report(
      'value',
      `leads to no contained resource; contain one with this id`,
      'reference',
    );
  } else if (!ABSOLUTE.test(text)) {
    findings.report('value', 'must be Type/id, #id of a contained resource, or a URL', 'reference');
  }
}

/** Of a URL the type is known only if it looks like that of a resource. */
function typeIn(text: string, scope: ReferenceScope): string | undefined {
  const [, relative] = RELATIVE.exec(text) ?? [];
  if (relative !== undefined) return relative;
  const [, absolute] = RESTFUL.exec(text) ?? [];
  return absolute !== undefined && scope.isKnownType(absolute) ? absolute : undefined;
}

function containedType(id: string, { root }: ReferenceScope): string | undefined {
  if (id === '') return typeOf(root);
  let types = containedTypes.get(root);
  if (!types) {
    types = typesById(root);
    containedTypes.set(root, types);
  }
  return types.get(id);
}

/** By resource, as there may be many contained resources and many references to them. */
const containedTypes = new WeakMap<JsonObject, ReadonlyMap<string, string | undefined>>();

function typesById(root: JsonObject): ReadonlyMap<string, string | undefined> {
  const contained = root['contained'];
  const resources = Array.isArray(contained) ? (contained as readonly Json[]) : [];
  return new Map(
    resources.filter(isJsonObject).flatMap((resource) => {
      const id = resource['id'];
      return typeof id === 'string' ? [[id, typeOf(resource)] as const] : [];
    }),
  );
}

function typeOf({ resourceType }: JsonObject): string | undefined {
  return typeof resourceType === 'string' ? resourceType : undefined;
}

function checkType(
  type: string,
  step: 'reference' | 'type',
  targets: readonly string[] | undefined,
  { scope, findings }: { readonly scope: ReferenceScope; readonly findings: Findings },
): void {
  if (!scope.isKnownType(type)) {
    findings.report('value', `names the type ${type.slice(0, 64)}, which is none of FHIR R4`, step);
  } else if (targets && !targets.includes(type)) {
    findings.report('value', `leads to ${type}; allowed here: ${targets.join(', ')}`, step);
  }
}

function own(object: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
