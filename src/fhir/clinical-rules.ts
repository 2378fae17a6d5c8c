import { BadRequest, InvalidResource, type Issue } from '../errors/fhir-error.js';
import {
  isJsonObject,
  type Json,
  type JsonObject,
  type ParsedBody,
} from '../interactions/formats/json.js';
import { ReferenceForms } from '../interactions/references/reference-forms.js';
import type {
  AcceptedResource,
  ResourceRules,
  WriteContext,
} from '../interactions/resource-rules.js';
import type { IdentifierDefinition } from './resource-types.js';
import { structureIssues } from './structure-issues.js';

const REFERENCES = new ReferenceForms({});
const META_ARRAYS = ['extension', 'profile', 'security', 'tag'] as const;

/**
 * How clinical resources are accepted: as they were written, byte for byte, once their structure is
 * sound and their references are in FHIR's form.
 */
export class ClinicalRules implements ResourceRules {
  readonly bodyIdMustMatch = true;
  readonly showsSecrets = false;

  constructor(
    private readonly type: string,
    private readonly identifiers: readonly IdentifierDefinition[],
  ) {}

  /**
   * @throws BadRequest 400 when the body is no object or another resource than the route's.
   * @throws InvalidResource 422 with one issue per problem.
   */
  async accept(body: ParsedBody, { id }: Pick<WriteContext, 'id'>): Promise<AcceptedResource> {
    const resource = this.resourceOf(body.value);
    this.checkId(resource, id);
    const issues = [
      ...structureIssues(this.type, resource),
      ...this.metaIssues(resource),
      ...this.identifierIssues(resource),
    ];
    if (issues.length > 0) throw new InvalidResource(issues);
    const { text } = REFERENCES.toFhirForm(body, this.type);
    return { text, secrets: {}, warnings: [] };
  }

  present(text: string): string {
    return text;
  }

  private resourceOf(value: Json): JsonObject {
    if (!isJsonObject(value)) {
      throw new BadRequest('The body must be a resource, an object', 'structure');
    }
    const given = own(value, 'resourceType');
    if (given === undefined) {
      throw new BadRequest(
        `resourceType is missing; it is ${this.type} here`,
        'required',
        this.type,
      );
    }
    if (given !== this.type) {
      throw new BadRequest(`This route takes ${this.type} resources`, 'value', 'resourceType');
    }
    return value;
  }

  /** A patch can give another id to what it changes. */
  private checkId(resource: JsonObject, id: string): void {
    const given = own(resource, 'id');
    if (given === undefined || given === id) return;
    throw new BadRequest(`The id of this resource is ${id}`, 'value', `${this.type}.id`);
  }

  /** The server writes into `meta`, so it must not have to guess at its shape. */
  private metaIssues(resource: JsonObject): readonly Issue[] {
    const meta = own(resource, 'meta');
    if (meta === undefined) return [];
    if (!isJsonObject(meta)) return [this.issue('meta', 'must be an object')];
    return META_ARRAYS.filter((name) => !Array.isArray(own(meta, name) ?? [])).map((name) =>
      this.issue(`meta.${name}`, 'must be an array'),
    );
  }

  /** What is found by `identifier` is what R4 says it is. */
  private identifierIssues(resource: JsonObject): readonly Issue[] {
    return this.identifiers.flatMap(({ name, isRepeating }) => {
      const value = own(resource, name);
      if (value === undefined) return [];
      const items: readonly Json[] = isRepeating && Array.isArray(value) ? value : [value];
      if (Array.isArray(value) === isRepeating && items.every(isJsonObject)) return [];
      return [
        this.issue(
          name,
          isRepeating ? 'must be an array of Identifiers' : 'must be one Identifier',
        ),
      ];
    });
  }

  private issue(element: string, rule: string): Issue {
    const expression = `${this.type}.${element}`;
    return { code: 'structure', diagnostics: `${expression} ${rule}`, expression };
  }
}

function own(object: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
