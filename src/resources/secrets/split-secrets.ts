import { isDeepStrictEqual } from 'node:util';
import type { Issue } from '../../errors/fhir-error.js';
import type { Secrets } from '../../interactions/storage/resource-store.js';
import {
  copyOf,
  expressionOf,
  placesOf,
  valuesAt,
  type Draft,
  type Place,
} from './element-path.js';
import { isMasked, maskedExtension } from './masked.js';
import type { SecretField } from './secret-field.js';
import { referencedName } from './secret-reference.js';

/** A resource with its secrets taken apart. */
export interface SplitResource {
  /** As it is stored and shown. */
  readonly masked: Draft;
  /** As it was sent, the stored values filled in for masked ones; for validation only. */
  readonly complete: Draft;
  /** By JSON Pointer. */
  readonly secrets: Secrets;
  /** Pointers of the secrets that were sent, as opposed to kept. */
  readonly sent: ReadonlySet<string>;
  readonly issues: readonly Issue[];
}

/** What is stored now; both empty for a new resource. */
export interface StoredSecrets {
  readonly resource: Draft;
  readonly secrets: Secrets;
}

/** Separates secrets from the rest and resolves masked ones against what is stored. */
export function splitSecrets(
  type: string,
  resource: Draft,
  fields: readonly SecretField[],
  stored: StoredSecrets,
): SplitResource {
  const masked = copyOf(resource);
  const complete = copyOf(resource);
  const secrets: Record<string, string> = {};
  const sent = new Set<string>();
  const issues: Issue[] = [];
  for (const field of fields) {
    for (const place of placesOf(masked, field.path)) {
      const offered = offeredAt(place);
      const { pointer } = place;
      if (offered.kind === 'reference' && field.external) continue;
      if (offered.kind === 'none') continue;
      mask(place);
      if (offered.kind === 'both') {
        issues.push(eitherOr(expressionOf(type, pointer)));
        continue;
      }
      if (offered.kind === 'value') sent.add(pointer);
      const value = valueOf(offered, () => keep(resource, field, pointer, stored));
      if (value === undefined) issues.push(sendAgain(expressionOf(type, pointer)));
      else secrets[pointer] = value;
    }
    putBack(complete, field, secrets);
  }
  return { masked, complete, secrets, sent, issues };
}

/** The resource with its secrets at their places, for those who may see or use them. */
export function withSecrets(
  masked: Draft,
  fields: readonly SecretField[],
  secrets: Secrets,
): Draft {
  const complete = copyOf(masked);
  for (const field of fields) putBack(complete, field, secrets);
  return complete;
}

type Offered =
  { kind: 'none' | 'masked' | 'reference' | 'both' | 'other' } | { kind: 'value'; value: string };

function offeredAt({ holder, key }: Place): Offered {
  const value = Object.hasOwn(holder, key) ? holder[key] : undefined;
  const isReference = refersAt(holder, key);
  if (isReference) return { kind: value === undefined ? 'reference' : 'both' };
  if (typeof value === 'string') return { kind: 'value', value };
  // Anything but a string is left in place for the type's own validation to refuse.
  if (value !== undefined) return { kind: 'none' };
  if (!Object.hasOwn(holder, `_${key}`)) return { kind: 'none' };
  return { kind: isMasked(holder[`_${key}`]) ? 'masked' : 'other' };
}

function refersAt(holder: Draft, key: string): boolean {
  const member = `_${key}`;
  return Object.hasOwn(holder, member) && referencedName(holder[member]) !== undefined;
}

function mask({ holder, key }: Place): void {
  delete holder[key];
  holder[`_${key}`] = maskedExtension();
}

function valueOf(offered: Offered, kept: () => string | undefined): string | undefined {
  if (offered.kind === 'value') return offered.value;
  return offered.kind === 'masked' ? kept() : undefined;
}

function keep(
  resource: Draft,
  field: SecretField,
  pointer: string,
  stored: StoredSecrets,
): string | undefined {
  const isBound = field.boundTo.every((path) =>
    isDeepStrictEqual(valuesAt(resource, path), valuesAt(stored.resource, path)),
  );
  return isBound && Object.hasOwn(stored.secrets, pointer) ? stored.secrets[pointer] : undefined;
}

function putBack(complete: Draft, field: SecretField, secrets: Secrets): void {
  for (const { holder, key, pointer } of placesOf(complete, field.path)) {
    // Whoever shows it shows the reference, and whoever uses it resolves it.
    if (refersAt(holder, key)) continue;
    delete holder[`_${key}`];
    if (Object.hasOwn(secrets, pointer)) holder[key] = secrets[pointer];
  }
}

function eitherOr(expression: string): Issue {
  return {
    code: 'invalid',
    expression,
    diagnostics: 'A secret is either given or refers to an external one: remove one of the two',
  };
}

function sendAgain(expression: string): Issue {
  return {
    code: 'value',
    expression,
    diagnostics:
      'The masked form keeps a stored secret only while what it belongs to is unchanged: send the secret again',
  };
}
