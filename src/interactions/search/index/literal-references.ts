import { isJsonObject, type Json, type JsonObject } from '../../formats/json.js';
import { referenceTarget } from './reference-target.js';

/** A reference to a resource of this server. */
export interface LiteralReference {
  readonly type: string;
  readonly id: string;
  /** FHIRPath of the element in which it was met first. */
  readonly expression: string;
}

/**
 * The resources of this server that a resource refers to, each once (FHIR R4, References §2.3.0.1), those
 * included that contained resources refer to. What entries of a stored Bundle refer to belongs to the Bundle.
 *
 * @param baseUrl base of FHIR here, such as `https://example.org/fhir`
 */
export function literalReferences(
  resource: JsonObject,
  baseUrl: string,
): readonly LiteralReference[] {
  const { resourceType } = resource;
  const type = typeof resourceType === 'string' ? resourceType : 'Resource';
  const found = new Map<string, LiteralReference>();
  const walk = new ReferenceWalk(baseUrl, found);
  for (const [name, value] of Object.entries(resource)) {
    if (type !== 'Bundle' || name !== 'entry') walk.value(value, `${type}.${name}`);
  }
  return [...found.values()];
}

class ReferenceWalk {
  constructor(
    private readonly baseUrl: string,
    private readonly found: Map<string, LiteralReference>,
  ) {}

  value(value: Json, path: string): void {
    if (Array.isArray(value)) {
      (value as readonly Json[]).forEach((item, at) => {
        this.value(item, `${path}[${at}]`);
      });
    } else if (isJsonObject(value)) {
      const { reference } = value;
      if (typeof reference === 'string') this.reference(reference, `${path}.reference`);
      for (const [name, member] of Object.entries(value)) {
        if (typeof member === 'object') this.value(member, `${path}.${name}`);
      }
    }
  }

  private reference(text: string, expression: string): void {
    const target = referenceTarget(text, this.baseUrl);
    if (!target || 'url' in target) return;
    const key = `${target.type}/${target.id}`;
    if (!this.found.has(key)) this.found.set(key, { ...target, expression });
  }
}
