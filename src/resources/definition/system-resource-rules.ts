import { InvalidResource, BadRequest, type Issue } from '../../errors/fhir-error.js';
import type { ParsedBody } from '../../interactions/formats/json.js';
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
import { isDraft, type Draft } from '../secrets/element-path.js';
import { splitSecrets, withSecrets, type SplitResource } from '../secrets/split-secrets.js';
import { validateDto } from '../validate-dto.js';
import type { SystemResourceDefinition } from './system-resource-definition.js';

/** How system resources are accepted and shown; the type's definition says the rest. */
export class SystemResourceRules implements ResourceRules {
  readonly bodyIdMustMatch = false;

  constructor(
    private readonly definition: SystemResourceDefinition,
    readonly showsSecrets: boolean,
  ) {}

  async accept(body: ParsedBody, context: WriteContext): Promise<AcceptedResource> {
    const { type, dto, secrets: fields } = this.definition;
    const resource = this.inFhirForm(this.objectOf(body.value));
    const split = splitSecrets(type, resource, fields, {
      resource: isLive(context.previous) ? objectFrom(context.previous.text) : {},
      secrets: context.previousSecrets,
    });
    const invalid = [...split.issues, ...(await validateDto(type, dto, split.complete))];
    if (invalid.length > 0) throw new InvalidResource(invalid);

    const complete = { ...split.complete, id: context.id, resourceType: type } as JsonObject;
    const findings = await this.definition.check?.(complete, context);
    if (findings && findings.issues.length > 0) throw new InvalidResource(findings.issues);
    return {
      text: JSON.stringify({ ...split.masked, resourceType: type }),
      secrets: await this.storedSecrets(split),
      warnings: findings?.warnings ?? [],
    };
  }

  async afterWrite(version: LiveVersion, transaction: Transaction): Promise<void> {
    await this.definition.afterWrite?.(version, transaction);
  }

  present(text: string, family: RouteFamily, secrets?: Secrets): string {
    const { references, secrets: fields } = this.definition;
    if (!secrets && (family === 'fhir' || references.length === 0)) return text;
    const shown = fields.filter(({ isNeverShown }) => !isNeverShown);
    const resource = secrets ? withSecrets(objectFrom(text), shown, secrets) : objectFrom(text);
    return JSON.stringify(family === 'plain' ? this.inPlainForm(resource) : resource);
  }

  private objectOf(value: Json): Draft {
    if (!isDraft(value)) throw new BadRequest('The body must be a resource, an object', 'structure');
    const { resourceType } = value;
    if (resourceType === undefined || resourceType === this.definition.type) return value;
    throw new InvalidResource([
      {
        code: 'value',
        diagnostics: `This route takes ${this.definition.type} resources`,
        expression: 'resourceType',
      },
    ]);
  }

  private inFhirForm(resource: Draft): Draft {
    return toFhirForm(this.definition.type, resource, this.definition.references);
  }

  private inPlainForm(resource: Draft): Draft {
    return toResourceTypeForm(resource, this.definition.references);
  }

  private async storedSecrets({ secrets, sent }: SplitResource): Promise<Secrets> {
    const stored: Record<string, string> = { ...secrets };
    for (const { path, store } of this.definition.secrets) {
      if (!store) continue;
      for (const pointer of sent) {
        if (pointer === `/${path.replaceAll('.', '/')}`) stored[pointer] = await store(stored[pointer] ?? '');
      }
    }
    return stored;
  }
}

function objectFrom(text: string): Draft {
  const value: unknown = JSON.parse(text);
  return isDraft(value) ? value : {};
}
