import type { Issue } from '../errors/fhir-error.js';
import { isJsonObject, type Json, type JsonObject } from '../interactions/formats/json.js';

const MAX_ISSUES = 20;
/** Patches can nest deeper than any single body that is read. */
const MAX_DEPTH = 100;

/**
 * What FHIR's JSON format forbids in every resource (FHIR R4, JSON §2.6.2): empty objects, arrays and
 * strings, arrays within arrays, and null anywhere but in the arrays of a primitive element, where it
 * stands for what the other of `name` and `_name` holds at its place.
 *
 * @returns at most 20 issues, each with the path of its element.
 */
export function structureIssues(type: string, resource: JsonObject): readonly Issue[] {
  const walk = new StructureWalk();
  walk.object(resource, type, 1);
  return walk.issues;
}

class StructureWalk {
  readonly issues: Issue[] = [];

  object(object: JsonObject, path: string, depth: number): void {
    const elements = Object.entries(object);
    if (elements.length === 0) this.report(path, 'An object must not be empty');
    if (depth > MAX_DEPTH) {
      this.report(path, `Elements must not be nested more than ${MAX_DEPTH} levels deep`);
      return;
    }
    for (const [name, value] of elements) {
      const other = otherOf(name);
      const beside = Object.hasOwn(object, other) ? object[other] : undefined;
      this.element(value, `${path}.${name}`, depth, beside);
    }
  }

  private element(value: Json, path: string, depth: number, beside: Json | undefined): void {
    if (isArray(value)) this.array(value, path, depth, isArray(beside) ? beside : []);
    else if (isJsonObject(value)) this.object(value, path, depth + 1);
    else if (value === null) this.report(path, 'An element must not be null; leave it out');
    else if (value === '') this.report(path, 'A string must not be empty; leave the element out');
  }

  private array(
    items: readonly Json[],
    path: string,
    depth: number,
    beside: readonly Json[],
  ): void {
    if (items.length === 0) this.report(path, 'An array must not be empty; leave the element out');
    items.forEach((item, at) => {
      const itemPath = `${path}[${at}]`;
      if (isArray(item)) this.report(itemPath, 'An array must not hold another array');
      else if (item !== null) this.element(item, itemPath, depth, undefined);
      else if ((beside[at] ?? null) === null) this.report(itemPath, 'null stands for nothing here');
    });
  }

  private report(expression: string, diagnostics: string): void {
    if (this.issues.length < MAX_ISSUES) {
      this.issues.push({ code: 'structure', diagnostics, expression });
    }
  }
}

/** A primitive element is in `name`, its id and extensions in `_name`. */
function otherOf(name: string): string {
  return name.startsWith('_') ? name.slice(1) : `_${name}`;
}

/** `Array.isArray` loses the type of readonly arrays. */
function isArray(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}
