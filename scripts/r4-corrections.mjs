/** Constraints by key: what R4 4.0.1 says amiss, and how it is read here. */
const EXPRESSIONS = {
  // Dates of different precision: what could be in order is in order, as R5 has it.
  'start.hasValue().not() or end.hasValue().not() or (start <= end)':
    'start.hasValue().not() or end.hasValue().not() or (start.lowBoundary() <= end.highBoundary())',
  'whenHandedOver.empty() or whenPrepared.empty() or whenHandedOver >= whenPrepared':
    'whenHandedOver.empty() or whenPrepared.empty() or whenHandedOver.highBoundary() >= whenPrepared.lowBoundary()',
  'lastModified.exists().not() or authoredOn.exists().not() or lastModified >= authoredOn':
    'lastModified.exists().not() or authoredOn.exists().not() or lastModified.highBoundary() >= authoredOn.lowBoundary()',
  // What has no probability has none that is too high, and is neither a decimal nor anything else.
  'probability is decimal implies (probability as decimal) <= 100':
    'probability.empty() or (probability is decimal implies (probability as decimal) <= 100)',
};

/** Constraints that are not R4's, or that say nothing that can be checked. */
const DROPPED = new Set([
  // Of a later version, put into some distributions of the definitions.
  'evv-1',
  // Checked by rules of their own, without evaluating anything.
  'ele-1',
  'dom-3',
  'ref-1',
  'txt-1',
  'txt-2',
]);

/** A constraint as it is checked; `undefined` where it is not. */
export function corrected(constraint) {
  if (DROPPED.has(constraint.key)) return undefined;
  return { ...constraint, expression: EXPRESSIONS[constraint.expression] ?? constraint.expression };
}

/** Elements that distributions of the definitions have changed and that have no definition of their own. */
export const CORRECTED_ELEMENTS = {
  'EvidenceVariable.characteristic': { min: 1 },
};
