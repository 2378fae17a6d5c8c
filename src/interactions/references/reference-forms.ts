import { InvalidResource, type Issue } from '../../errors/fhir-error.js';
import {
  type ExactJson,
  type ExactObject,
  isExactObject,
  parseExact,
  stringifyExact,
} from '../formats/exact-json.js';
import type { Json, ParsedBody } from '../formats/json.js';
import { convertReference, looksLikeReference, type ReferenceForm } from './convert-reference.js';
import {
  clinicalPlaces,
  declaredPlaces,
  elementsOf,
  type Place,
  type ReferencePlaces,
} from './reference-places.js';

/** The reference elements of each system resource type, e.g. `{AccessPolicy: ['link[]']}`. */
export type ReferencePaths = Readonly<Record<string, readonly string[]>>;

/**
 * Writes all references of a resource in one form or the other (spec §1, references).
 *
 * Types that are not listed are clinical. Resources within the resource (`contained`, Bundle
 * entries, Parameters) are converted by the rules of their own type.
 */
export class ReferenceForms {
  private readonly declared: ReadonlyMap<string, ReferencePlaces>;

  constructor(paths: ReferencePaths) {
    const places = Object.entries(paths).map(
      ([type, elements]) => [type, declaredPlaces(elements)] as const,
    );
    this.declared = new Map(places);
  }

  /**
   * `{reference: 'User/u1'}` throughout; the body itself where nothing had to change.
   *
   * @param resourceType decides when the body may leave its own out.
   * @throws InvalidResource (422) for each reference whose two forms disagree.
   */
  toFhirForm(body: ParsedBody, resourceType?: string): ParsedBody {
    return this.convert(body, 'fhir', resourceType);
  }

  /** `{resourceType: 'User', id: 'u1'}` throughout, otherwise as `toFhirForm`. */
  toResourceTypeForm(body: ParsedBody, resourceType?: string): ParsedBody {
    return this.convert(body, 'resource-type', resourceType);
  }

  private convert(body: ParsedBody, form: ReferenceForm, resourceType?: string): ParsedBody {
    // The dry run reads no number, so the inexact value does; most bodies need no more.
    const value = body.value as unknown as ExactJson;
    if (this.pass(value, form, resourceType) === value) return body;
    const text = stringifyExact(this.pass(parseExact(body.text), form, resourceType));
    return { text, value: JSON.parse(text) as Json };
  }

  private pass(value: ExactJson, form: ReferenceForm, resourceType?: string): ExactJson {
    if (!isExactObject(value)) return value;
    const pass = new ConversionPass(form, (type) => this.placesOf(type));
    const converted = pass.resource(value, resourceType);
    if (pass.issues.length > 0) throw new InvalidResource(pass.issues);
    return converted;
  }

  private placesOf(resourceType: string): ReferencePlaces {
    return this.declared.get(resourceType) ?? clinicalPlaces(resourceType);
  }
}

/** One walk through one resource. What need not change is handed back as it is. */
class ConversionPass {
  readonly issues: Issue[] = [];
  private readonly path: (string | number)[] = [];

  constructor(
    private readonly form: ReferenceForm,
    private readonly placesOf: (resourceType: string) => ReferencePlaces,
  ) {}

  resource(value: ExactObject, resourceType = textOf(value['resourceType'])): ExactObject {
    const isRoot = this.path.length === 0;
    if (isRoot) this.path.push(resourceType);
    const { elements, anywhere } = this.placesOf(resourceType);
    return this.members(value, elements, anywhere);
  }

  private members(value: ExactObject, place: Place | undefined, anywhere: boolean): ExactObject {
    const elements = elementsOf(place);
    if (elements.size === 0 && !anywhere) return value;
    let changed: ExactObject | undefined;
    for (const [key, member] of Object.entries(value)) {
      const converted = this.at(key, () => this.element(member, elements.get(key), anywhere));
      if (converted === member) continue;
      changed ??= { ...value };
      changed[key] = converted;
    }
    return changed ?? value;
  }

  private element(value: ExactJson, place: Place | undefined, anywhere: boolean): ExactJson {
    if (Array.isArray(value)) return this.items(value, place, anywhere);
    if (!isExactObject(value)) return value;
    if (place === 'resource') return this.resource(value);
    const inner = this.members(value, place, anywhere);
    const isReference = place === 'reference' || (anywhere && looksLikeReference(value));
    return isReference ? this.reference(inner) : inner;
  }

  private items(values: ExactJson[], place: Place | undefined, anywhere: boolean): ExactJson {
    const converted = values.map((value, index) =>
      this.at(index, () => this.element(value, place, anywhere)),
    );
    return converted.some((value, index) => value !== values[index]) ? converted : values;
  }

  private reference(value: ExactObject): ExactObject {
    const converted = convertReference(value, this.form);
    if (converted !== undefined) return converted;
    this.issues.push({
      code: 'invalid',
      diagnostics: 'reference names another resource than resourceType and id; send one of the two',
      expression: this.expression(),
    });
    return value;
  }

  private at<T>(segment: string | number, visit: () => T): T {
    this.path.push(segment);
    const result = visit();
    this.path.pop();
    return result;
  }

  private expression(): string {
    const [root = '', ...rest] = this.path;
    const steps = rest.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`));
    return `${root}${steps.join('')}`;
  }
}

function textOf(value: ExactJson | undefined): string {
  return typeof value === 'string' ? value : 'Resource';
}
