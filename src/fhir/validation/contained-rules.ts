import { isJsonObject, type Json, type JsonObject } from '../../interactions/formats/json.js';
import type { Findings } from './findings.js';

/**
 * Checks that each contained resource is referred to, by the resource or by another contained one, or refers
 * to the resource itself (FHIR R4, DomainResource, dom-3). One pass, where the expression of R4 takes one
 * for each contained resource.
 */
export function checkContained(resource: JsonObject, findings: Findings): void {
  const contained = resource['contained'];
  if (!Array.isArray(contained)) return;
  const targets = new Set<string>();
  collect(resource, targets);
  contained.forEach((each: Json, at) => {
    const id = isJsonObject(each) ? each['id'] : undefined;
    if (typeof id === 'string' && targets.has(`#${id}`)) return;
    const own = new Set<string>();
    collect(each, own);
    if (own.has('#')) return;
    const rule = 'is not referred to; refer to it as #id, or leave it out (dom-3)';
    findings.report('invariant', rule, `contained[${at}]`);
  });
}

/** Texts that can be references within the resource: those of references, and canonicals and URIs. */
function collect(value: Json, targets: Set<string>): void {
  if (typeof value === 'string') {
    if (value.startsWith('#')) targets.add(value);
  } else if (Array.isArray(value)) {
    for (const item of value as readonly Json[]) collect(item, targets);
  } else if (isJsonObject(value)) {
    for (const member of Object.values(value)) collect(member, targets);
  }
}
