import { Node, type Item } from './item.js';
import { Moment } from './moment.js';

/**
 * Whether an item is of a type or of one derived from it. Primitive types may be written as FHIR does
 * (`boolean`) or as FHIRPath does (`Boolean`); the expressions of R4 use both for elements.
 */
export function isOfType(item: Item, type: string): boolean {
  if (item instanceof Node) {
    if (item.shape) return item.shape.types.includes(type) || item.type === type;
    return item.type.toLowerCase() === type.toLowerCase();
  }
  if (item instanceof Moment) return ['date', 'datetime'].includes(type.toLowerCase());
  return systemTypes(item).includes(type.toLowerCase());
}

function systemTypes(value: string | number | boolean): readonly string[] {
  if (typeof value === 'number')
    return Number.isInteger(value) ? ['integer', 'decimal'] : ['decimal'];
  return [typeof value];
}
