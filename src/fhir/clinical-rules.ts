import { InvalidResource, type Issue } from '../errors/fhir-error.js';
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
  Removal,
  ResourceRules,
  WriteContext,
} from '../interactions/resource-rules.js';
import { isLive, type LiveVersion } from '../interactions/storage/stored-version.js';
import type { Transaction } from '../interactions/storage/transaction.js';
import type { ReferenceIntegrity } from './integrity/reference-integrity.js';
import { applyPathPatch } from './patch/apply-path-patch.js';
import type { ProfileUse, ProfileValidator } from './profiles/profile-validator.js';
import type { RequiredDefinitions } from './profiles/required-definitions.js';
import { broughtId, resourceOfType } from './resource-of-type.js';
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

/** What profiles demand, and who may change what is required. */
export interface ProfileRules extends Pick<ProfileValidator, 'issues'> {
  readonly required: Pick<RequiredDefinitions, 'assertMayChange'>;
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
    private readonly profiles: ProfileRules,
    private readonly integrity: Pick<ReferenceIntegrity, 'written' | 'removed'>,
  ) {}

  /** Validation of what is large takes seconds, for which no database connection should wait. */
  async prepare(body: ParsedBody): Promise<ParsedBody> {
    // A patch is no resource, and what is refused is refused where it is accepted.
    if (!isJsonObject(body.value) || own(body.value, 'resourceType') !== this.type) return body;
    this.prepared.set(body, await this.found(body, body.value, {}));
    return body;
  }

  readonly patchByPath = (resource: ParsedBody, parameters: ExactJson): ExactJson =>
    applyPathPatch(resource, parameters, (type) => this.validator.shapes.find(type));

  /**
   * @throws BadRequest 400 when the body is no object or another resource than the route's.
   * @throws InvalidResource 422 with one issue per problem.
   * @throws DefinitionNeedsAdministrator 403
   */
  async accept(
    body: ParsedBody,
    context: Pick<WriteContext, 'id'> & Partial<WriteContext>,
  ): Promise<AcceptedResource> {
    const { id, previous } = context;
    const resource = resourceOfType(body.value, this.type);
    broughtId(resource, this.type, id);
    const { text, issues } =
      this.prepared.get(body) ?? (await this.found(body, resource, within(context.transaction)));
    if (issues.some(isError)) throw new InvalidResource(issues);
    const texts = isLive(previous) ? [previous.text, text] : [text];
    await this.profiles.required.assertMayChange(this.type, texts, context);
    return { text, secrets: {}, warnings: [], issues };
  }

  /**
   * Everything that is amiss with a body.
   *
   * @param id of the resource, where it has one already
   * @param asked profiles that it is to conform to besides those that it claims
   * @throws BadRequest 400 when the body is no object or another resource than the route's.
   */
  async examine(
    body: ParsedBody,
    id: string | undefined,
    asked: readonly string[],
  ): Promise<Examination> {
    const resource = resourceOfType(body.value, this.type);
    if (id !== undefined) broughtId(resource, this.type, id);
    return this.found(body, resource, { asked });
  }

  private async found(
    body: ParsedBody,
    resource: JsonObject,
    use: ProfileUse,
  ): Promise<Examination> {
    const broken = structureIssues(this.type, resource);
    if (broken.length > 0) return { text: body.text, issues: broken };
    const formed = inFhirForm(body, this.type);
    if ('issues' in formed) return { text: body.text, issues: formed.issues };
    const { text } = formed;
    const value = formed.value as JsonObject;
    const issues = await this.validator.issues(value, this.type, use.slices);
    if (issues.some(isError)) return { text, issues };
    return { text, issues: [...issues, ...(await this.profiles.issues(value, this.type, use))] };
  }

  async afterWrite(version: LiveVersion, transaction: Transaction): Promise<void> {
    this.integrity.written(version, transaction);
  }

  /** @throws DefinitionNeedsAdministrator 403 */
  async checkRemoval(
    id: string,
    transaction: Transaction,
    { writer, previous }: Removal,
  ): Promise<void> {
    const change = { writer, transaction };
    await this.profiles.required.assertMayChange(this.type, [previous.text], change);
    this.integrity.removed(this.type, id, transaction);
  }

  present(text: string): string {
    return text;
  }
}

/** All that is written in a transaction has its time together, and sees the profiles that it sees. */
function within(transaction: Transaction | undefined): ProfileUse {
  return transaction ? { transaction, slices: WorkSlices.sharedBy(transaction) } : {};
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
