import {
  isExactObject,
  type ExactJson,
  type ExactObject,
} from '../../interactions/formats/exact-json.js';
import type { MalformedPatch } from '../../interactions/patch/patch-errors.js';
import { malformedOperation } from './patch-failures.js';

/** What is to be written: a value of a type, the elements of an object by their names, or a resource. */
export type PatchValue = TypedValue | ObjectParts | WholeResource;

/** `value[x]`, and `_value[x]` where the value is primitive and has an id or extensions. */
export interface TypedValue {
  readonly kind: 'typed';
  /** As the key ends, with a capital: `CodeableConcept`. */
  readonly type: string;
  readonly value: ExactJson | undefined;
  readonly companion: ExactJson | undefined;
}

/** An object of a type that parameters do not take, such as a backbone element, by its elements. */
export interface ObjectParts {
  readonly kind: 'parts';
  readonly parts: readonly { readonly name: string; readonly value: PatchValue }[];
}

/** A resource that is to be contained. */
export interface WholeResource {
  readonly kind: 'resource';
  readonly resource: ExactObject;
}

const TYPED = /^_?value([A-Z][A-Za-z0-9]*)$/;

/** @throws MalformedPatch (400) for a part without a value, with several, or with an empty one. */
export function parsePatchValue(part: ExactObject, index: number): PatchValue {
  const typed = typedValue(part, index);
  const { part: parts, resource } = part;
  const given = [typed, parts, resource].filter((each) => each !== undefined);
  if (given.length !== 1) throw malformed('has value[x], part or resource, one of them', index);
  if (typed) return typed;
  if (isExactObject(resource)) return { kind: 'resource', resource };
  if (!Array.isArray(parts) || parts.length === 0) throw malformed('has no parts', index);
  return { kind: 'parts', parts: parts.map((each) => namedValue(each, index)) };
}

/** @returns `undefined` where the part has no `value[x]`. @throws MalformedPatch (400) for several of them. */
export function typedValue(part: ExactObject, index: number): TypedValue | undefined {
  const keys = Object.keys(part).filter((key) => TYPED.test(key));
  const [type, ...others] = new Set(keys.map((key) => TYPED.exec(key)?.[1] ?? ''));
  if (type === undefined) return undefined;
  if (others.length > 0) throw malformed('has values of several types', index);
  const [value, companion] = [own(part, `value${type}`), own(part, `_value${type}`)];
  if ([value, companion].some(isNothing)) throw malformed('has an empty value', index);
  return { kind: 'typed', type, value, companion };
}

function namedValue(
  part: ExactJson,
  index: number,
): { readonly name: string; readonly value: PatchValue } {
  const name = isExactObject(part) ? own(part, 'name') : undefined;
  if (!isExactObject(part) || typeof name !== 'string') throw malformed('has no name', index);
  return { name, value: parsePatchValue(part, index) };
}

/** What would be no element at all; an array is no value of a single type. */
function isNothing(value: ExactJson | undefined): boolean {
  const isEmpty = isExactObject(value) && Object.keys(value).length === 0;
  return value === null || value === '' || isEmpty || Array.isArray(value);
}

function own(object: ExactObject, name: string): ExactJson | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

function malformed(problem: string, index: number): MalformedPatch {
  return malformedOperation(`a part ${problem}`, index);
}
