import { isJsonObject, type Json } from '../../interactions/formats/json.js';
import type { Budget } from '../fhirpath/scope.js';

/** What comparing values may take: one for each pair of values that is looked at. */
export type ComparisonBudget = Pick<Budget, 'take'>;

/** Compares a value with what a profile says of it. @throws TooCostly */
export type Comparison = (value: Json, wanted: Json, budget: ComparisonBudget) => boolean;

/** Whether a value is exactly another (FHIR R4, ElementDefinition.fixed[x]); members in any order. */
export const isFixed: Comparison = (value, fixed, budget) => {
  budget.take(1);
  if (Array.isArray(value) && Array.isArray(fixed)) {
    const [items, wanted] = [value as readonly Json[], fixed as readonly Json[]];
    const isSame = (item: Json, at: number) => isFixed(item, wanted[at] ?? null, budget);
    return items.length === wanted.length && items.every(isSame);
  }
  if (!isJsonObject(value) || !isJsonObject(fixed)) return value === fixed;
  const [given, wanted] = [Object.keys(value), Object.keys(fixed)];
  if (given.length !== wanted.length) return false;
  return wanted.every(
    (key) => Object.hasOwn(value, key) && isFixed(value[key] ?? null, fixed[key] ?? null, budget),
  );
};

/**
 * Whether a value has at least what a pattern has (FHIR R4, ElementDefinition.pattern[x]): each member, and
 * of each array every item somewhere.
 */
export const hasPattern: Comparison = (value, pattern, budget) => {
  budget.take(1);
  if (Array.isArray(pattern)) {
    const items = Array.isArray(value) ? (value as readonly Json[]) : [];
    const wanted = pattern as readonly Json[];
    return wanted.every((each) => items.some((item) => hasPattern(item, each, budget)));
  }
  if (!isJsonObject(pattern)) return value === pattern;
  if (!isJsonObject(value)) return false;
  return Object.keys(pattern).every(
    (key) =>
      Object.hasOwn(value, key) && hasPattern(value[key] ?? null, pattern[key] ?? null, budget),
  );
};
