import type { Constraint } from '../definitions/type-definition.js';

/** What stands at an element: a value without parts, an object, or a resource of whatever type. */
export type ValueType = PrimitiveType | ComplexType | AnyResource;

/** A type whose values are JSON strings, numbers or booleans. */
export interface PrimitiveType {
  readonly kind: 'primitive';
  readonly name: string;
}

/** A type whose values are JSON objects. */
export interface ComplexType {
  readonly kind: 'complex';
  readonly name: string;
  /** Compiled when it is first needed: types refer to each other and to themselves. */
  readonly shape: () => Shape;
  /** Types of resources that a Reference may lead to; absent where it may lead to any. */
  readonly targets?: readonly string[] | undefined;
}

/** `contained` and the like: what the value is says its own `resourceType`. */
export interface AnyResource {
  readonly kind: 'resource';
  readonly name: 'Resource';
}

/** An element of an object. */
export interface ElementRule {
  /** Name in FHIRPath: `value` for `value[x]`. */
  readonly name: string;
  readonly min: number;
  /** `Infinity` for `*`. */
  readonly max: number;
  /** In JSON it is an array. */
  readonly isRepeating: boolean;
  readonly isChoice: boolean;
  /** Keys in JSON that it can have, without those that begin with `_`. */
  readonly keys: readonly string[];
  /** URL of the value set that is required. */
  readonly binding: string | undefined;
  readonly constraints: readonly Constraint[];
}

/** What a key of a JSON object stands for. */
export interface Property {
  readonly element: ElementRule;
  readonly type: ValueType;
  /** As FHIRPath says it: `name`, or `value.ofType(Quantity)`. */
  readonly step: string;
  /** The key begins with `_`: it holds the id and the extensions of a primitive element. */
  readonly isCompanion: boolean;
}

/** What objects of one type, or of one backbone element, are made of. */
export interface Shape {
  /** Type and path, as `Patient.contact`. */
  readonly name: string;
  /** The type, then what it is derived from. */
  readonly types: readonly string[];
  readonly isResource: boolean;
  /** Of a type that is not one of R4: it has whatever elements are asked for. */
  readonly isOpen?: boolean;
  readonly properties: ReadonlyMap<string, Property>;
  readonly elements: ReadonlyMap<string, ElementRule>;
  readonly required: readonly ElementRule[];
  readonly constraints: readonly Constraint[];
}
