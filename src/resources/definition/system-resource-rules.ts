import { BadRequest, InvalidResource, type Issue } from '../../errors/fhir-error.js';
import type { ParsedBody } from '../../interactions/formats/json.js';
import {
  parseExact,
  stringifyExact,
  type ExactObject,
} from '../../interactions/formats/exact-json.js';
import { ReferenceForms } from '../../interactions/references/reference-forms.js';
import type {
  AcceptedResource,
  ResourceRules,
  RouteFamily,
  WriteContext,
} from '../../interactions/resource-rules.js';
import type { Secrets } from '../../interactions/storage/resource-store.js';
import { isLive, type LiveVersion } from '../../interactions/storage/stored-version.js';
import type { Transaction } from '../../interactions/storage/transaction.js';
import type { Json, JsonObject } from '../../policy/json.js';
import { expressionOf, isDraft, type Draft } from '../secrets/element-path.js';
import type { ExternalSecrets } from '../secrets/external-secrets.js';
import {
  referencesIn,
  withoutReferences,
  type ReferencedSecret,
} from '../secrets/secret-reference.js';
import { prepareSecrets } from '../secrets/prepare-secrets.js';
import { splitSecrets, withSecrets, type SplitResource } from '../secrets/split-secrets.js';
import type { ProfileConformance } from '../profile-conformance.js';
import { validateDto } from '../validate-dto.js';
import type { SystemResourceDefinition } from './system-resource-definition.js';

/** What a body is to replace. */
export type ReplacedVersion = Pick<WriteContext, 'id' | 'previous' | 'previousSecrets'>;

/** A body that is a resource of its type. */
export interface ValidResource {
  /** In the FHIR form, with its secrets in place. */
  readonly resource: JsonObject;
  readonly split: SplitResource;
  readonly references: readonly ReferencedSecret[];
}

/** What rules of all types look into. */
export interface RuleContext {
  readonly externalSecrets: Pick<ExternalSecrets, 'refusal' | 'warnings'>;
  readonly profiles: ProfileConformance;
}

/** How system resources are accepted and shown; the type's definition says the rest. */
export class SystemResourceRules implements ResourceRules {
  readonly bodyIdMustMatch = false;

  private readonly references: ReferenceForms;

  constructor(
    private readonly definition: SystemResourceDefinition,
    readonly showsSecrets: boolean,
    private readonly context: RuleContext,
  ) {
    this.references = new ReferenceForms({ [definition.type]: definition.references });
  }

  prepare(body: ParsedBody): Promise<ParsedBody> {
    return prepareSecrets(body, this.definition.secrets);
  }

  async accept(body: ParsedBody, context: WriteContext): Promise<AcceptedResource> {
    const { resource, split, references } = await this.validated(body, context);
    const findings = await this.definition.check?.(resource, context);
    if (findings && findings.issues.length > 0) throw new InvalidResource(findings.issues);
    const { type } = this.definition;
    const text = textOf({ ...split.masked, resourceType: type });
    const masked = { ...(JSON.parse(text) as JsonObject), id: context.id };
    const profiled = await this.profileIssues(masked, context);
    return {
      text,
      secrets: await this.storedSecrets(split),
      warnings: [...(findings?.warnings ?? []), ...this.referenceWarnings(references)],
      issues: profiled,
    };
  }

  /**
   * Everything of {@link accept} that needs no database: whether the body is a resource of the type.
   *
   * @throws InvalidResource (422) with one issue per problem; BadRequest (400) for no resource at all.
   */
  async validated(body: ParsedBody, context: ReplacedVersion): Promise<ValidResource> {
    const { type, dto, secrets: fields } = this.definition;
    this.checkType(body.value);
    const split = splitSecrets(type, this.inFhirForm(body), fields, {
      resource: isLive(context.previous) ? exactFrom(context.previous.text) : {},
      secrets: context.previousSecrets,
    });
    const sent = objectFrom(textOf(split.complete));
    const references = referencesIn({ type, id: context.id }, split.masked, fields);
    const invalid = [
      ...split.issues,
      ...this.refusedReferences(references),
      ...(await validateDto(type, dto, withoutReferences(sent, fields))),
    ];
    if (invalid.length > 0) throw new InvalidResource(invalid);
    const resource = { ...sent, id: context.id, resourceType: type } as JsonObject;
    return { resource, split, references };
  }

  /** @throws InvalidResource 422 where the resource does not conform. */
  private async profileIssues(
    masked: JsonObject,
    context: WriteContext,
  ): Promise<readonly Issue[]> {
    if (context.writer.isFirstStart) return [];
    const issues = await this.context.profiles.issues(masked, this.definition.type, context);
    if (issues.some(({ severity = 'error' }) => severity === 'error')) {
      throw new InvalidResource(issues);
    }
    return issues;
  }

  async afterWrite(version: LiveVersion, transaction: Transaction): Promise<void> {
    await this.definition.afterWrite?.(version, transaction);
  }

  async checkRemoval(id: string, transaction: Transaction): Promise<void> {
    await this.definition.checkRemoval?.(id, transaction);
  }

  present(text: string, family: RouteFamily, secrets?: Secrets): string {
    const fields = this.definition.secrets.filter(({ isNeverShown }) => !isNeverShown);
    const shown = secrets ? textOf(withSecrets(exactFrom(text), fields, secrets)) : text;
    return family === 'plain' ? this.inPlainForm(shown) : shown;
  }

  private refusedReferences(references: readonly ReferencedSecret[]): readonly Issue[] {
    return references.flatMap(({ place, name, use }) => {
      const diagnostics = this.context.externalSecrets.refusal(name, use);
      const expression = expressionOf(this.definition.type, place.pointer);
      return diagnostics === undefined ? [] : [{ code: 'value', diagnostics, expression }];
    });
  }

  private referenceWarnings(references: readonly ReferencedSecret[]): readonly string[] {
    return references.flatMap(({ place, name, use }) => {
      const expression = expressionOf(this.definition.type, place.pointer);
      return this.context.externalSecrets
        .warnings(name, use)
        .map((warning) => `${expression}: ${warning}`);
    });
  }

  private checkType(value: Json): void {
    if (!isDraft(value))
      throw new BadRequest('The body must be a resource, an object', 'structure');
    const { resourceType } = value;
    if (resourceType === undefined || resourceType === this.definition.type) return;
    throw new InvalidResource([
      {
        code: 'value',
        diagnostics: `This route takes ${this.definition.type} resources`,
        expression: 'resourceType',
      },
    ]);
  }

  /** The body as a copy in the form that is stored. */
  private inFhirForm(body: ParsedBody): Draft {
    return exactFrom(this.references.toFhirForm(body, this.definition.type).text);
  }

  private inPlainForm(text: string): string {
    const body = { value: objectFrom(text) as Json, text };
    return this.references.toResourceTypeForm(body, this.definition.type).text;
  }

  private async storedSecrets({ secrets, sent }: SplitResource): Promise<Secrets> {
    const stored: Record<string, string> = { ...secrets };
    for (const { path, store } of this.definition.secrets) {
      if (!store) continue;
      for (const pointer of sent) {
        if (pointer === `/${path.replaceAll('.', '/')}`)
          stored[pointer] = await store(stored[pointer] ?? '');
      }
    }
    return stored;
  }
}

/** With the digits that numbers were written with, in open elements above all. */
function exactFrom(text: string): Draft {
  const value: unknown = parseExact(text);
  return isDraft(value) ? value : {};
}

function textOf(exact: Draft): string {
  return stringifyExact(exact as ExactObject);
}

function objectFrom(text: string): Draft {
  const value: unknown = JSON.parse(text);
  return isDraft(value) ? value : {};
}
