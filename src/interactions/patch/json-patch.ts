import { BadRequest } from '../../errors/fhir-error.js';
import type { BodyLimits } from '../formats/body-limits.js';
import { type ExactJson, isExactObject } from '../formats/exact-json.js';
import { type CopyBudget, copyWithin, isEqual } from './exact-values.js';
import { isSamePointer, isWithin, type Pointer } from './json-pointer.js';
import { MalformedPatch, PatchConflict } from './patch-errors.js';
import { parseOperations, type PatchOperation } from './patch-operation.js';

/** What holds an element, and the element's name or number in it. */
type Slot = { readonly parent: ExactJson[] | Record<string, ExactJson>; readonly token: string };

/**
 * Applies a JSON Patch (RFC 6902) to a document that the caller gives away, own properties only.
 *
 * @throws MalformedPatch (400) before anything is applied; PatchConflict (422) with the index of
 * the operation that does not fit, a failed `test` included; BadRequest (400) if copies grow too far.
 */
export function applyJsonPatch(
  document: ExactJson,
  patch: ExactJson,
  limits: BodyLimits,
): ExactJson {
  const application = new JsonPatchApplication(document, limits);
  for (const operation of parseOperations(patch, limits.maxDepth)) application.apply(operation);
  return application.document;
}

class JsonPatchApplication {
  private readonly budget: CopyBudget;

  constructor(
    public document: ExactJson,
    limits: BodyLimits,
  ) {
    this.budget = { nodes: limits.maxNodes, maxDepth: limits.maxDepth };
  }

  apply(operation: PatchOperation): void {
    switch (operation.op) {
      case 'add':
        this.add(operation, operation.value);
        return;
      case 'replace':
        this.replace(operation, operation.value);
        return;
      case 'remove':
        this.remove(operation, operation.path);
        return;
      case 'move':
        this.move(operation, operation.from);
        return;
      case 'copy':
        this.add(operation, this.copyOf(this.existing(operation, operation.from)));
        return;
      case 'test':
        if (isEqual(this.existing(operation, operation.path), operation.value)) return;
        throw new PatchConflict('the test failed', operation.index);
    }
  }

  private add(operation: PatchOperation, value: ExactJson): void {
    const slot = this.slot(operation, operation.path);
    if (slot === undefined) this.document = value;
    else if (!Array.isArray(slot.parent)) slot.parent[slot.token] = value;
    else slot.parent.splice(insertionIndex(operation, slot.parent, slot.token), 0, value);
  }

  private replace(operation: PatchOperation, value: ExactJson): void {
    this.existing(operation, operation.path);
    const slot = this.slot(operation, operation.path);
    if (slot === undefined) this.document = value;
    else if (Array.isArray(slot.parent)) slot.parent[Number(slot.token)] = value;
    else slot.parent[slot.token] = value;
  }

  private remove(operation: PatchOperation, path: Pointer): void {
    this.existing(operation, path);
    const slot = this.slot(operation, path);
    if (slot === undefined)
      throw new PatchConflict('a resource cannot be removed', operation.index);
    if (Array.isArray(slot.parent)) slot.parent.splice(Number(slot.token), 1);
    else Reflect.deleteProperty(slot.parent, slot.token);
  }

  private move(operation: PatchOperation, from: Pointer): void {
    if (isWithin(operation.path, from)) {
      throw new PatchConflict('nothing can be moved into itself', operation.index);
    }
    const value = this.existing(operation, from);
    if (isSamePointer(from, operation.path)) return;
    this.remove(operation, from);
    this.add(operation, value);
  }

  private copyOf(value: ExactJson): ExactJson {
    const copy = copyWithin(this.budget, value);
    if (copy === undefined) throw new BadRequest('The patch copies too much', 'structure');
    return copy;
  }

  private existing(operation: PatchOperation, path: Pointer): ExactJson {
    let value: ExactJson | undefined = this.document;
    for (const token of path) value = member(value, token);
    if (value === undefined)
      throw new PatchConflict('there is nothing at the path', operation.index);
    return value;
  }

  private slot(operation: PatchOperation, path: Pointer): Slot | undefined {
    const token = path.at(-1);
    if (token === undefined) return undefined;
    const parent = this.existing(operation, path.slice(0, -1));
    if (Array.isArray(parent) || isExactObject(parent)) return { parent, token };
    throw new PatchConflict('the path leads through a plain value', operation.index);
  }
}

function member(value: ExactJson | undefined, token: string): ExactJson | undefined {
  if (Array.isArray(value)) return isIndex(token) ? value[Number(token)] : undefined;
  return isExactObject(value) && Object.hasOwn(value, token) ? value[token] : undefined;
}

function insertionIndex(operation: PatchOperation, array: ExactJson[], token: string): number {
  if (token === '-') return array.length;
  if (!isIndex(token)) throw new MalformedPatch('the index is no number', operation.index);
  if (Number(token) > array.length) {
    throw new PatchConflict('the index is beyond the end', operation.index);
  }
  return Number(token);
}

function isIndex(token: string): boolean {
  return /^(?:0|[1-9]\d{0,9})$/.test(token);
}
