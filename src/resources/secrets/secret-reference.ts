import { copyOf, isDraft, placesOf, valuesAt, type Draft, type Place } from './element-path.js';
import type { SecretField } from './secret-field.js';
import type { SecretUse } from './secret-scope.js';
import { isMaskedExtension } from './masked.js';

/** URL of the extension that names an external secret. */
export const SECRET_REFERENCE = 'http://health-samurai.io/fhir/secret-reference';

/** A secret element that holds a reference in place of a value. */
export interface ReferencedSecret {
  readonly place: Place;
  /** Name of the external secret. */
  readonly name: string;
  readonly use: SecretUse;
}

/**
 * The name in a `_field` that refers to an external secret: the secret-reference extension, with or without
 * the masked form beside it, and nothing else.
 *
 * @returns undefined for anything else
 */
export function referencedName(value: unknown): string | undefined {
  if (!isDraft(value) || Object.keys(value).join() !== 'extension') return undefined;
  const { extension } = value;
  if (!Array.isArray(extension) || extension.length > 2) return undefined;
  const entries = extension as unknown[];
  const others = entries.filter((entry) => !isReference(entry));
  const [reference, ...more] = entries.filter(isReference);
  if (!reference || more.length > 0 || !others.every(isMaskedExtension)) return undefined;
  return reference.valueString;
}

/** Every reference that stands in place of a secret of the resource. */
export function referencesIn(
  owner: { readonly type: string; readonly id: string },
  resource: Draft,
  fields: readonly SecretField[],
): readonly ReferencedSecret[] {
  return fields.flatMap(({ path, external }) =>
    placesOf(resource, path).flatMap((place) => {
      const member = `_${place.key}`;
      const name = Object.hasOwn(place.holder, member)
        ? referencedName(place.holder[member])
        : undefined;
      if (name === undefined || external === undefined) return [];
      const urls = external.sentTo.flatMap((at) => valuesAt(resource, at)).flatMap(textOf);
      return [{ place, name, use: { resourceType: owner.type, id: owner.id, urls } }];
    }),
  );
}

/** A copy without the references, whose elements no DTO knows. */
export function withoutReferences(resource: Draft, fields: readonly SecretField[]): Draft {
  const copy = copyOf(resource);
  for (const { path, external } of fields) {
    if (external === undefined) continue;
    for (const { holder, key } of placesOf(copy, path)) {
      if (Object.hasOwn(holder, `_${key}`) && referencedName(holder[`_${key}`]) !== undefined) {
        delete holder[`_${key}`];
      }
    }
  }
  return copy;
}

function isReference(entry: unknown): entry is { url: string; valueString: string } {
  return (
    isDraft(entry) &&
    Object.keys(entry).sort().join() === 'url,valueString' &&
    entry['url'] === SECRET_REFERENCE &&
    typeof entry['valueString'] === 'string'
  );
}

function textOf(value: unknown): readonly string[] {
  return typeof value === 'string' ? [value] : [];
}
