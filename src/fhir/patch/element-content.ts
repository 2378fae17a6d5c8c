import type { ExactJson, ExactObject } from '../../interactions/formats/exact-json.js';
import { PatchConflict } from '../../interactions/patch/patch-errors.js';
import type { ElementRule, Property, Shape } from '../validation/shape.js';
import { membersFor, type ElementKey, type ElementValue } from './element-values.js';
import type { PatchValue, TypedValue } from './patch-value.js';

/** How values of a patch become elements of a resource, by the definitions of R4. */
export class ElementContent {
  /** @param fail names the operation that does not fit */
  constructor(
    private readonly shapeOf: (type: string) => Shape | undefined,
    private readonly fail: (problem: string) => PatchConflict,
  ) {}

  /**
   * The property under which a value of an element stands: of a choice, that of the value's type.
   *
   * @param name `value`, `value[x]` or `valueQuantity`
   * @throws PatchConflict (422) for an element that is not there, or does not take the type.
   */
  propertyFor(shape: Shape, name: string, value: PatchValue): { key: string; property: Property } {
    const key = keyFor(shape, name.replace(/\[x\]$/, ''), value);
    const property = key === undefined ? undefined : shape.properties.get(key);
    if (key !== undefined && property && !property.isCompanion) return { key, property };
    const type = value.kind === 'typed' ? ` of type ${value.type}` : '';
    throw this.fail(`${shape.name} has no element ${JSON.stringify(name.slice(0, 64))}${type}`);
  }

  /** @throws PatchConflict (422) for a value of another type than the element's. */
  valueFor(property: Property, value: PatchValue): ElementValue {
    const { type } = property;
    switch (value.kind) {
      case 'typed':
        return this.typed(property, value);
      case 'resource':
        if (type.kind !== 'resource') throw this.fail(`${property.step} takes no resource`);
        return { value: value.resource, companion: undefined };
      case 'parts':
        if (type.kind !== 'complex') throw this.fail(`${property.step} has no parts`);
        return { value: this.object(type.shape(), value.parts), companion: undefined };
    }
  }

  private typed(property: Property, { type: given, value, companion }: TypedValue): ElementValue {
    const { type, step } = property;
    const isObject = typeof value === 'object' && !isNumber(value);
    const isPrimitive = type.kind === 'primitive' && !isObject;
    const isComplex = type.kind === 'complex' && isObject && companion === undefined;
    const fits = isPrimitive || (isComplex && this.isDerived(given, type.name));
    if (!fits) throw this.fail(`${step} is of type ${type.name}, not ${given}`);
    return { value, companion };
  }

  /** A quantity may stand where one with fewer or more restrictions is meant; those are checked later. */
  private isDerived(given: string, wanted: string): boolean {
    const isA = (type: string, base: string) => this.shapeOf(type)?.types.includes(base) === true;
    return isA(given, wanted) || (isA(given, 'Quantity') && isA(wanted, 'Quantity'));
  }

  private object(
    shape: Shape,
    parts: readonly { readonly name: string; readonly value: PatchValue }[],
  ): ExactObject {
    const given = new Map<
      ElementRule,
      { readonly at: ElementKey; readonly values: ElementValue[] }
    >();
    for (const { name, value } of parts) {
      const { key, property } = this.propertyFor(shape, name, value);
      const { element, step } = property;
      const { isRepeating } = element;
      const known = given.get(element);
      if (known && !isRepeating) throw this.fail(`${step} is given more than once`);
      const { at, values } = known ?? { at: { key, isRepeating }, values: [] };
      values.push(this.valueFor(property, value));
      given.set(element, { at, values });
    }
    const members = [...given.values()].flatMap(({ at, values }) => membersFor(at, values));
    return Object.fromEntries(members.filter(([, held]) => held !== undefined)) as ExactObject;
  }
}

/** Whether an object has an element, in any of the types that it may have. */
export function isThere(object: Readonly<Record<string, unknown>>, { keys }: ElementRule): boolean {
  return keys.some((key) => Object.hasOwn(object, key) || Object.hasOwn(object, `_${key}`));
}

function keyFor(shape: Shape, name: string, value: PatchValue): string | undefined {
  const element = shape.elements.get(name);
  if (!element?.isChoice) return name;
  const key = value.kind === 'typed' ? `${name}${value.type}` : '';
  return element.keys.includes(key) ? key : undefined;
}

function isNumber(value: ExactJson | undefined): boolean {
  return (
    value !== undefined &&
    typeof value === 'object' &&
    value !== null &&
    'isLosslessNumber' in value
  );
}
