import type { Json } from '../formats/json.js';
import type { BundleTypes } from './bundle-types.js';
import type { Criteria } from './criteria.js';

const CONDITIONAL = /^([A-Z][A-Za-z]{0,63})\?(.*)$/s;

/** A reference that names its target by criteria, as `Patient?identifier=1`. */
export function isConditionalReference(reference: string): boolean {
  return CONDITIONAL.test(reference);
}

/**
 * The conditional references of a resource (FHIR R4, RESTful API §3.1.0.11), each once.
 *
 * @returns the type is `undefined` where this server does not serve it.
 */
export function conditionalReferences(
  resource: Json,
  types: BundleTypes,
): ReadonlyMap<string, Criteria | undefined> {
  const found = new Map<string, Criteria | undefined>();
  for (const reference of referencesIn(resource)) {
    const [, name, queryString] = CONDITIONAL.exec(reference) ?? [];
    if (name === undefined || queryString === undefined) continue;
    const type = types.find(name);
    found.set(reference, type && { type, queryString });
  }
  return found;
}

function* referencesIn(value: Json): Generator<string> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, child] of Object.entries<Json>(value as Readonly<Record<string, Json>>)) {
    if (key === 'reference' && typeof child === 'string') yield child;
    else yield* referencesIn(child);
  }
}
