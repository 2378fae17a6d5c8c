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
  const walk = new StructureWalk(type);
  walk.object(resource, 1);
  return walk.issues;
}

class StructureWalk {
  readonly issues: Issue[] = [];
  /** Names and positions on the way to where the walk is. */
  private readonly path: (string | number)[] = [];

  constructor(private readonly type: string) {}

  object(object: JsonObject, depth: number): void {
    const names = Object.keys(object);
    if (names.length === 0) this.report('An object must not be empty');
    if (depth > MAX_DEPTH) {
      this.report(`Elements must not be nested more than ${MAX_DEPTH} levels deep`);
      return;
    }
    for (const name of names) {
      this.path.push(name);
      this.element(
        object[name] ?? null,
        depth,
        isArray(object[name]) ? besideOf(object, name) : [],
      );
      this.path.pop();
    }
  }

  private element(value: Json, depth: number, beside: readonly Json[]): void {
    if (isArray(value)) this.array(value, depth, beside);
    else if (isJsonObject(value)) this.object(value, depth + 1);
    else if (value === null) this.report('An element must not be null; leave it out');
    else if (value === '') this.report('A string must not be empty; leave the element out');
  }

  private array(items: readonly Json[], depth: number, beside: readonly Json[]): void {
    if (items.length === 0) this.report('An array must not be empty; leave the element out');
    items.forEach((item, at) => {
      this.path.push(at);
      if (isArray(item)) this.report('An array must not hold another array');
      else if (item !== null) this.element(item, depth, []);
      else if ((beside[at] ?? null) === null) this.report('null stands for nothing here');
      this.path.pop();
    });
  }

  private report(diagnostics: string): void {
    if (this.issues.length >= MAX_ISSUES) return;
    const steps = this.path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`));
    const expression = `${this.type}${steps.join('')}`;
    this.issues.push({ code: 'structure', diagnostics, expression });
  }
}

/** A primitive element is in `name`, its id and extensions in `_name`; here, in the array of the other. */
function besideOf(object: JsonObject, name: string): readonly Json[] {
  const other = name.startsWith('_') ? name.slice(1) : `_${name}`;
  const beside = Object.hasOwn(object, other) ? object[other] : undefined;
  return isArray(beside) ? beside : [];
}

/** `Array.isArray` loses the type of readonly arrays. */
function isArray(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}
