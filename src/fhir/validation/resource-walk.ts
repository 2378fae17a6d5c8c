import { isJsonObject, type Json, type JsonObject } from '../../interactions/formats/json.js';
import { Findings } from './findings.js';
import { narrativeProblem } from './narrative.js';
import { PRIMITIVES } from './primitives.js';
import type { ComplexType, ElementRule, Property, Shape, ValueType } from './shape.js';
import type { Shapes } from './shapes.js';

/** An element with its value, as the walk meets it. */
export interface Visit {
  readonly value: Json;
  readonly type: ValueType;
  readonly element: ElementRule;
}

/** Looks at each object, and at each element once its own form is sound. */
export interface Visitor {
  /** Whether values of primitive types are to be looked at; else they are known to be sound. */
  readonly checksValues: boolean;
  /** @param shape of the object */
  object(object: JsonObject, shape: Shape, findings: Findings): void;
  element(visit: Visit, findings: Findings): void;
  /** A resource begins, the outermost first; `undefined` when it ends. */
  resource(object: JsonObject | undefined, isContained: boolean): void;
}

/**
 * Walks through one resource and compares it with the definitions: which elements there are, how often,
 * and what their values look like. The JSON must be free of nulls, empty values and nested arrays where
 * FHIR has none.
 */
export class ResourceWalk {
  readonly findings: Findings;

  constructor(
    private readonly shapes: Shapes,
    private readonly visitor: Visitor,
    type: string,
  ) {
    this.findings = new Findings(type);
  }

  /** The resource itself, or one within it. */
  resource(object: JsonObject, isContained = false): void {
    const { resourceType } = object;
    const shape = typeof resourceType === 'string' && this.shapes.findResource(resourceType);
    if (!shape) {
      this.findings.report('structure', 'must be a resource whose resourceType is one of FHIR R4');
      return;
    }
    this.visitor.resource(object, isContained);
    this.members(object, shape);
    this.visitor.resource(undefined, isContained);
  }

  private members(object: JsonObject, shape: Shape): void {
    const chosen = new Map<ElementRule, string>();
    for (const key of Object.keys(object)) {
      const property = shape.properties.get(key);
      if (property) {
        if (property.element.isChoice) this.choice(property, key, chosen);
        const beside = property.isCompanion ? object[key.slice(1)] : undefined;
        this.property(property, object[key] ?? null, beside);
      } else if (key !== 'resourceType' || !shape.isResource) {
        this.unknown(key, shape);
      }
    }
    for (const element of shape.required) this.required(element, object);
    this.visitor.object(object, shape, this.findings);
  }

  private unknown(key: string, { name }: Shape): void {
    const shown = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/.test(key) ? key : '`…`';
    const rule = `is no element of ${name}; leave it out, or use an extension`;
    this.findings.report('structure', rule, shown);
  }

  private choice({ element, step }: Property, key: string, chosen: Map<ElementRule, string>): void {
    const name = key.startsWith('_') ? key.slice(1) : key;
    const other = chosen.get(element);
    if (other !== undefined && other !== name) {
      this.findings.report('structure', `stands beside ${other}; send one of them`, step);
    }
    chosen.set(element, name);
  }

  private required(element: ElementRule, object: JsonObject): void {
    const isThere = element.keys.some(
      (key) => Object.hasOwn(object, key) || Object.hasOwn(object, `_${key}`),
    );
    if (isThere) return;
    const keys = element.isChoice ? ` (one of ${element.keys.slice(0, 10).join(', ')})` : '';
    this.findings.report('required', `is required${keys}; add it`, element.name);
  }

  /** @param beside of a companion, the value that it belongs to */
  private property(property: Property, value: Json, beside: Json | undefined): void {
    this.findings.enter(property.step);
    const { isRepeating, max } = property.element;
    if (max === 0) this.findings.report('structure', 'must not be there; leave it out');
    else if (!isArray(value)) {
      if (isRepeating) this.findings.report('structure', 'must be an array; put it in [ ]');
      else this.value(property, value, beside);
    } else if (!isRepeating) {
      this.findings.report('structure', 'must be a single value, not an array');
    } else if (value.length > max) {
      this.findings.report('structure', `must not have more than ${max} values`);
    } else this.items(property, value, beside);
    this.findings.leave();
  }

  private items(property: Property, items: readonly Json[], beside: Json | undefined): void {
    for (let at = 0; at < items.length; at += 1) {
      const item = items[at] ?? null;
      // It stands for what the other of `name` and `_name` holds at its place.
      if (item === null) continue;
      this.findings.enter(at);
      this.value(property, item, beside !== undefined && isArray(beside) ? beside[at] : undefined);
      this.findings.leave();
    }
  }

  private value(property: Property, value: Json, beside: Json | undefined): void {
    const { element, type, isCompanion } = property;
    if (isCompanion) {
      this.companion(value, (beside ?? null) !== null);
      return;
    }
    switch (type.kind) {
      case 'primitive':
        if (this.visitor.checksValues && !this.isPrimitive(type.name, value)) return;
        break;
      case 'complex':
        if (!this.isComplex(type, value)) return;
        break;
      case 'resource':
        if (isJsonObject(value)) this.resource(value, element.name === 'contained');
        else this.findings.report('structure', 'must be a resource, an object');
        return;
    }
    this.visitor.element({ value, type, element }, this.findings);
  }

  private isPrimitive(name: string, value: Json): boolean {
    const problem = name === 'xhtml' ? narrativeProblem(value) : PRIMITIVES.get(name)?.(value);
    if (problem === undefined) return true;
    this.findings.report('value', problem);
    return false;
  }

  private isComplex({ name, shape }: ComplexType, value: Json): boolean {
    if (isJsonObject(value)) {
      if (isOnlyId(value)) this.reportOnlyId();
      this.members(value, shape());
      return true;
    }
    this.findings.report('structure', `must be an object of type ${name}`);
    return false;
  }

  private companion(value: Json, hasValue: boolean): void {
    const element = this.shapes.find('Element');
    if (!element || !isJsonObject(value)) {
      this.findings.report('structure', 'has _ before its name, which takes id and extension');
      return;
    }
    if (!hasValue && isOnlyId(value)) this.reportOnlyId();
    this.members(value, element);
  }

  private reportOnlyId(): void {
    this.findings.report('invariant', 'has an id but neither a value nor parts (ele-1); add one');
  }
}

/** FHIR R4, Element: all elements have a value or parts besides their id. */
function isOnlyId(object: JsonObject): boolean {
  const keys = Object.keys(object);
  return keys.length === 1 && keys[0] === 'id';
}

/** `Array.isArray` loses the type of readonly arrays. */
function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
