import { type ExactJson, isExactObject } from '../formats/exact-json.js';
import { parsePointer, type Pointer } from './json-pointer.js';
import { MalformedPatch } from './patch-errors.js';

const MAX_OPERATIONS = 1000;

/** One operation of a JSON Patch (RFC 6902 §4), with its place in the document for messages. */
export type PatchOperation = { readonly index: number; readonly path: Pointer } & (
  | { readonly op: 'add' | 'replace' | 'test'; readonly value: ExactJson }
  | { readonly op: 'move' | 'copy'; readonly from: Pointer }
  | { readonly op: 'remove' }
);

/**
 * Parses a whole JSON Patch before any of it is applied. Members that RFC 6902 does not define are
 * passed over, as it says.
 *
 * @throws MalformedPatch (400) naming the first operation that is none, or more than 1000 of them.
 */
export function parseOperations(patch: ExactJson, maxDepth: number): PatchOperation[] {
  if (!Array.isArray(patch)) throw new MalformedPatch('A JSON Patch is an array of operations');
  if (patch.length > MAX_OPERATIONS) {
    throw new MalformedPatch(`A JSON Patch has at most ${MAX_OPERATIONS} operations`);
  }
  return patch.map((operation, index) => parseOperation(operation, index, maxDepth));
}

function parseOperation(operation: ExactJson, index: number, maxDepth: number): PatchOperation {
  if (!isExactObject(operation)) throw new MalformedPatch('an operation is an object', index);
  const { value } = operation;
  const op = typeof operation['op'] === 'string' ? operation['op'] : '';
  const path = parsePointer(operation['path'], index, maxDepth);
  switch (op) {
    case 'add':
    case 'replace':
    case 'test':
      if (value === undefined) throw new MalformedPatch(`${op} needs a value`, index);
      return { index, op, path, value };
    case 'move':
    case 'copy':
      return { index, op, path, from: parsePointer(operation['from'], index, maxDepth) };
    case 'remove':
      return { index, op, path };
    default:
      throw new MalformedPatch('op is add, remove, replace, move, copy or test', index);
  }
}
