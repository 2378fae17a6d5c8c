import { LosslessNumber } from 'lossless-json';
import {
  isExactObject,
  type ExactJson,
  type ExactObject,
} from '../../interactions/formats/exact-json.js';
import { MalformedPatch } from '../../interactions/patch/patch-errors.js';
import { malformedOperation } from './patch-failures.js';
import { parsePatchValue, typedValue, type PatchValue } from './patch-value.js';

/** One operation of a FHIRPath Patch, with its place in the document for messages. */
export type PathOperation = { readonly index: number; readonly path: string } & (
  | { readonly type: 'add'; readonly name: string; readonly value: PatchValue }
  | { readonly type: 'insert'; readonly at: number; readonly value: PatchValue }
  | { readonly type: 'delete' }
  | { readonly type: 'replace'; readonly value: PatchValue }
  | { readonly type: 'move'; readonly source: number; readonly destination: number }
);

const MAX_OPERATIONS = 1000;
const MAX_PATH_CHARACTERS = 1000;

/** What each type of operation has besides `type` and `path`. */
const PARTS: Readonly<Record<PathOperation['type'], readonly string[]>> = {
  add: ['name', 'value'],
  insert: ['index', 'value'],
  delete: [],
  replace: ['value'],
  move: ['source', 'destination'],
};

/**
 * Reads a whole FHIRPath Patch before any of it is applied (FHIR R4, FHIRPath Patch).
 *
 * @throws MalformedPatch (400) naming the first operation that is none, one with parts that it does not
 * look at, or more than 1000 of them.
 */
export function parsePathOperations(parameters: ExactJson): readonly PathOperation[] {
  const list = isExactObject(parameters) ? (own(parameters, 'parameter') ?? []) : undefined;
  if (!Array.isArray(list)) throw new MalformedPatch('A FHIRPath Patch is a list of parameters');
  if (list.length > MAX_OPERATIONS) {
    throw new MalformedPatch(`A FHIRPath Patch has at most ${MAX_OPERATIONS} operations`);
  }
  return list.map((parameter, index) => new OperationReader(parameter, index).read());
}

class OperationReader {
  private readonly parts: ReadonlyMap<string, ExactObject>;

  constructor(
    parameter: ExactJson,
    private readonly index: number,
  ) {
    this.parts = this.partsOf(parameter);
  }

  read(): PathOperation {
    const type = this.type();
    for (const name of this.parts.keys()) {
      const isKnown = name === 'type' || name === 'path' || PARTS[type].includes(name);
      if (!isKnown) throw this.malformed(`${type} takes no part ${JSON.stringify(name)}`);
    }
    const common = { index: this.index, path: this.path() };
    switch (type) {
      case 'add':
        return { ...common, type, name: this.text('name'), value: this.value() };
      case 'insert':
        return { ...common, type, at: this.position('index'), value: this.value() };
      case 'delete':
        return { ...common, type };
      case 'replace':
        return { ...common, type, value: this.value() };
      case 'move': {
        const [source, destination] = [this.position('source'), this.position('destination')];
        return { ...common, type, source, destination };
      }
    }
  }

  private partsOf(parameter: ExactJson): ReadonlyMap<string, ExactObject> {
    const parts = isExactObject(parameter) ? own(parameter, 'part') : undefined;
    const isOperation = isExactObject(parameter) && own(parameter, 'name') === 'operation';
    if (!isOperation || !Array.isArray(parts)) {
      throw this.malformed('a parameter is named operation and has parts');
    }
    const found = new Map<string, ExactObject>();
    for (const part of parts) {
      const name = isExactObject(part) ? own(part, 'name') : undefined;
      if (!isExactObject(part) || typeof name !== 'string') {
        throw this.malformed('a part has a name');
      }
      if (found.has(name)) throw this.malformed(`the part ${JSON.stringify(name)} is repeated`);
      found.set(name, part);
    }
    return found;
  }

  private type(): PathOperation['type'] {
    const type = this.text('type');
    if (isOperationType(type)) return type;
    throw this.malformed('type is add, insert, delete, replace or move');
  }

  private path(): string {
    const path = this.text('path');
    if (path.length <= MAX_PATH_CHARACTERS) return path;
    throw this.malformed(`a path has ${MAX_PATH_CHARACTERS} characters at most`);
  }

  private text(name: string): string {
    const value = this.scalar(name);
    if (typeof value === 'string' && value !== '') return value;
    throw this.malformed(`the part ${name} is missing, or is no string`);
  }

  private position(name: string): number {
    const value = this.scalar(name);
    const position = value instanceof LosslessNumber ? Number(value.value) : -1;
    if (Number.isSafeInteger(position) && position >= 0) return position;
    throw this.malformed(`the part ${name} is missing, or is no position from 0 on`);
  }

  private scalar(name: string): ExactJson | undefined {
    const part = this.parts.get(name);
    return part && typedValue(part, this.index)?.value;
  }

  private value(): PatchValue {
    const part = this.parts.get('value');
    if (!part) throw this.malformed('the part value is missing');
    return parsePatchValue(part, this.index);
  }

  private malformed(problem: string): MalformedPatch {
    return malformedOperation(problem, this.index);
  }
}

function isOperationType(text: string): text is PathOperation['type'] {
  return Object.hasOwn(PARTS, text);
}

function own(object: ExactObject, name: string): ExactJson | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
