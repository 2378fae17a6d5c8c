import { isJsonObject, type Json, type JsonObject } from '../../interactions/formats/json.js';
import { Findings } from './findings.js';
import { narrativeProblem } from './narrative.js';
import { PRIMITIVES } from './primitives.js';
import type { ElementRule, Property, Shape, ValueType } from './shape.js';
import type { Shapes } from './shapes.js';
import type { Steps, WorkSlices } from './work-slices.js';

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
    private readonly slices: Pick<WorkSlices, 'isDue'>,
    type: string,
  ) {
    this.findings = new Findings(type);
  }

  /** The resource itself, or one within it. */
  *resource(object: JsonObject, isContained = false): Steps {
    const { resourceType } = object;
    const shape = typeof resourceType === 'string' && this.shapes.findResource(resourceType);
    if (!shape) {
      this.findings.report('structure', 'must be a resource whose resourceType is one of FHIR R4');
      return;
    }
    this.visitor.resource(object, isContained);
    yield* this.members(object, shape);
    this.visitor.resource(undefined, isContained);
  }

  private *members(object: JsonObject, shape: Shape): Steps {
    if (this.slices.isDue()) yield;
    const chosen = new Map<ElementRule, string>();
    for (const key of Object.keys(object)) {
      const property = shape.properties.get(key);
      if (!property) {
        if (key !== 'resourceType' || !shape.isResource) this.unknown(key, shape);
        continue;
      }
      if (property.element.isChoice) this.choice(property, key, chosen);
      // Most are values without parts; it is quicker not to be able to stand still among them.
      if (hasParts(property)) yield* this.partsOf(property, object, key);
      else this.valuesOf(property, object[key] ?? null);
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

  /** Of an element whose values have no parts. */
  private valuesOf({ element, type, step }: Property, given: Json): void {
    this.findings.enter(step);
    if (this.isAsMany(element, given)) {
      forEachItem(given, this.findings, (value) => this.primitive(value, type, element));
    }
    this.findings.leave();
  }

  private primitive(value: Json, type: ValueType, element: ElementRule): void {
    if (this.visitor.checksValues && !this.isPrimitive(type.name, value)) return;
    this.visitor.element({ value, type, element }, this.findings);
  }

  private *partsOf(property: Property, object: JsonObject, key: string): Steps {
    const given = object[key] ?? null;
    const beside = property.isCompanion ? object[key.slice(1)] : undefined;
    this.findings.enter(property.step);
    if (this.isAsMany(property.element, given)) {
      if (isArray(given)) yield* this.items(property, given, beside);
      else yield* this.part(property, given, beside);
    }
    this.findings.leave();
  }

  private *items(property: Property, items: readonly Json[], beside: Json | undefined): Steps {
    for (let at = 0; at < items.length; at += 1) {
      const item = items[at] ?? null;
      // It stands for what the other of `name` and `_name` holds at its place.
      if (item === null) continue;
      this.findings.enter(at);
      const other = beside !== undefined && isArray(beside) ? beside[at] : undefined;
      yield* this.part(property, item, other);
      this.findings.leave();
    }
  }

  /** Whether an element has one value or an array of them as it should. */
  private isAsMany({ isRepeating, max }: ElementRule, value: Json): boolean {
    if (max === 0) return this.refuse('must not be there; leave it out');
    if (!isArray(value)) return isRepeating ? this.refuse('must be an array; put it in [ ]') : true;
    if (!isRepeating) return this.refuse('must be a single value, not an array');
    return value.length <= max || this.refuse(`must not have more than ${max} values`);
  }

  private refuse(rule: string): false {
    this.findings.report('structure', rule);
    return false;
  }

  /** @param beside of a companion, the value that it belongs to */
  private *part(property: Property, value: Json, beside: Json | undefined): Steps {
    const { element, type, isCompanion } = property;
    if (isCompanion) {
      yield* this.companion(value, (beside ?? null) !== null);
      return;
    }
    if (type.kind === 'resource') {
      if (isJsonObject(value)) yield* this.resource(value, element.name === 'contained');
      else this.refuse('must be a resource, an object');
      return;
    }
    if (type.kind !== 'complex') return;
    if (!isJsonObject(value)) {
      this.refuse(`must be an object of type ${type.name}`);
      return;
    }
    if (isOnlyId(value)) this.reportOnlyId();
    yield* this.members(value, type.shape());
    this.visitor.element({ value, type, element }, this.findings);
  }

  private isPrimitive(name: string, value: Json): boolean {
    const problem = name === 'xhtml' ? narrativeProblem(value) : PRIMITIVES.get(name)?.(value);
    if (problem === undefined) return true;
    this.findings.report('value', problem);
    return false;
  }

  private *companion(value: Json, hasValue: boolean): Steps {
    const element = this.shapes.find('Element');
    if (!element || !isJsonObject(value)) {
      this.findings.report('structure', 'has _ before its name, which takes id and extension');
      return;
    }
    if (!hasValue && isOnlyId(value)) this.reportOnlyId();
    yield* this.members(value, element);
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

function hasParts({ type, isCompanion }: Property): boolean {
  return isCompanion || type.kind !== 'primitive';
}

/** One value, or those of an array without the nulls that stand for what `_name` holds at their place. */
function forEachItem(given: Json, findings: Findings, look: (value: Json) => void): void {
  if (!isArray(given)) {
    look(given);
    return;
  }
  given.forEach((item, at) => {
    if (item === null) return;
    findings.enter(at);
    look(item);
    findings.leave();
  });
}

/** `Array.isArray` loses the type of readonly arrays. */
function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
