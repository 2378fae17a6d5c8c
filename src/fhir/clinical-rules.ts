import { BadRequest, InvalidResource, type Issue } from '../errors/fhir-error.js';
import {
  isJsonObject,
  type Json,
  type JsonObject,
  type ParsedBody,
} from '../interactions/formats/json.js';
import type { ExactJson } from '../interactions/formats/exact-json.js';
import { ReferenceForms } from '../interactions/references/reference-forms.js';
import type {
  AcceptedResource,
  ResourceRules,
  WriteContext,
} from '../interactions/resource-rules.js';
import { applyPathPatch } from './patch/apply-path-patch.js';
import { structureIssues } from './structure-issues.js';
import type { ResourceValidator } from './validation/resource-validator.js';
import { WorkSlices } from './validation/work-slices.js';

const REFERENCES = new ReferenceForms({});

/** What was found of a body. */
export interface Examination {
  /** JSON text as it would be stored. */
  readonly text: string;
  /** Those of severity `error`, or of none, make it invalid. */
  readonly issues: readonly Issue[];
}

/**
 * How clinical resources are accepted: as they were written, byte for byte, once they are valid by the
 * definitions of R4 and their references are in FHIR's form.
 */
export class ClinicalRules implements ResourceRules {
  readonly bodyIdMustMatch = true;
  readonly showsSecrets = false;

  /** What was found while no transaction was open. */
  private readonly prepared = new WeakMap<ParsedBody, Examination>();

  constructor(
    private readonly type: string,
    private readonly validator: Pick<ResourceValidator, 'issues' | 'shapes'>,
  ) {}

  /** Validation of what is large takes seconds, for which no database connection should wait. */
  async prepare(body: ParsedBody): Promise<ParsedBody> {
    // A patch is no resource, and what is refused is refused where it is accepted.
    if (!isJsonObject(body.value) || own(body.value, 'resourceType') !== this.type) return body;
    this.prepared.set(body, await this.found(body, body.value));
    return body;
  }

  readonly patchByPath = (resource: ParsedBody, parameters: ExactJson): ExactJson =>
    applyPathPatch(resource, parameters, (type) => this.validator.shapes.find(type));

  /**
   * @throws BadRequest 400 when the body is no object or another resource than the route's.
   * @throws InvalidResource 422 with one issue per problem.
   */
  async accept(
    body: ParsedBody,
    { id, transaction }: Pick<WriteContext, 'id'> & Partial<Pick<WriteContext, 'transaction'>>,
  ): Promise<AcceptedResource> {
    const resource = this.resourceOf(body.value);
    this.checkId(resource, id);
    const slices = transaction && WorkSlices.sharedBy(transaction);
    const { text, issues } = this.prepared.get(body) ?? (await this.found(body, resource, slices));
    const errors = issues.filter(isError);
    if (errors.length > 0) throw new InvalidResource(issues);
    return { text, secrets: {}, warnings: [] };
  }

  /**
   * Everything that is amiss with a body.
   *
   * @param id of the resource, where it has one already
   * @throws BadRequest 400 when the body is no object or another resource than the route's.
   */
  async examine(body: ParsedBody, id: string | undefined): Promise<Examination> {
    const resource = this.resourceOf(body.value);
    this.checkId(resource, id);
    return this.found(body, resource);
  }

  private async found(
    body: ParsedBody,
    resource: JsonObject,
    slices?: WorkSlices,
  ): Promise<Examination> {
    const broken = structureIssues(this.type, resource);
    if (broken.length > 0) return { text: body.text, issues: broken };
    const formed = inFhirForm(body, this.type);
    if ('issues' in formed) return { text: body.text, issues: formed.issues };
    const issues = await this.validator.issues(formed.value as JsonObject, this.type, slices);
    return { text: formed.text, issues };
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
  private checkId(resource: JsonObject, id: string | undefined): void {
    const given = own(resource, 'id');
    if (id === undefined || given === undefined || given === id) return;
    throw new BadRequest(`The id of this resource is ${id}`, 'value', `${this.type}.id`);
  }
}

/** @returns issues where the two forms of a reference disagree. */
function inFhirForm(body: ParsedBody, type: string): ParsedBody | Pick<Examination, 'issues'> {
  try {
    return REFERENCES.toFhirForm(body, type);
  } catch (error) {
    if (error instanceof InvalidResource) return { issues: error.issues };
    throw error;
  }
}

function isError({ severity = 'error' }: Issue): boolean {
  return severity === 'error' || severity === 'fatal';
}

function own(object: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
