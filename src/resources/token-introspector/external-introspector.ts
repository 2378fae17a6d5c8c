import { createHash } from 'node:crypto';
import type { RegistryRow } from '../../interactions/registry/resource-registry.js';
import type { JsonObject } from '../../policy/json.js';
import type { Draft } from '../secrets/element-path.js';
import type { ExternalSecrets } from '../secrets/external-secrets.js';
import { referencesIn, type ReferencedSecret } from '../secrets/secret-reference.js';
import { withSecrets } from '../secrets/split-secrets.js';
import { INTROSPECTOR_SECRETS } from './token-introspector.definition.js';
import { isHeaderValue } from './token-introspector-endpoint.rules.js';
import { isPublicMaterial } from './token-introspector-key.rules.js';
import { parseTokenIntrospector, type TokenIntrospector } from './token-introspector.js';

const TYPE = 'TokenIntrospector';

/** A stored TokenIntrospector with its secrets, stored and external, as they are now. */
export interface ReadIntrospector {
  readonly introspector: TokenIntrospector;
  /** Whether it depends on external secrets. */
  readonly hasReferences: boolean;
  /** Sentences for the log about secrets that must not be used; without values. */
  readonly problems: readonly string[];
}

/** Reads a stored TokenIntrospector. One that lacks a secret it needs verifies nothing. */
export function externalIntrospector(
  { id, resource, secrets }: RegistryRow,
  external: Pick<ExternalSecrets, 'value' | 'refusal'>,
): ReadIntrospector {
  const complete = withSecrets(resource as Draft, INTROSPECTOR_SECRETS, secrets);
  const references = referencesIn({ type: TYPE, id }, complete, INTROSPECTOR_SECRETS).filter(
    ({ place }) => isNeeded(place.pointer, complete['type']),
  );
  const problems: string[] = [];
  const digest = createHash('sha256');
  let areMissing = false;
  for (const reference of references) {
    const value = usableValue(reference, external, problems);
    areMissing ||= value === undefined;
    digest.update(JSON.stringify([reference.place.pointer, value ?? null]));
    if (value !== undefined) putInPlace(reference, value);
  }
  const hasReferences = references.length > 0;
  const revision = hasReferences ? digest.digest('base64url') : '';
  const introspector = parseTokenIntrospector(complete as JsonObject, { areMissing, revision });
  return { introspector, hasReferences, problems };
}

/** What an introspector of another type would use must not keep this one from its work. */
function isNeeded(pointer: string, type: unknown): boolean {
  return pointer.startsWith('/jwt/') === (type === 'jwt');
}

function usableValue(
  { place, name, use }: ReferencedSecret,
  external: Pick<ExternalSecrets, 'value' | 'refusal'>,
  problems: string[],
): string | undefined {
  const refusal = external.refusal(name, use);
  const value = external.value(name, use);
  const about = `${TYPE}/${use.id}: external secret ${name}`;
  if (refusal !== undefined) problems.push(`${about}: ${refusal}`);
  const unusable = value === undefined ? undefined : unusableAs(place.pointer, value);
  if (unusable === undefined) return value;
  problems.push(`${about}: its file holds ${unusable}`);
  return undefined;
}

/** What a value is that cannot serve there, without the value; undefined when it can. */
function unusableAs(pointer: string, value: string): string | undefined {
  if (!pointer.startsWith('/jwt/')) {
    return isHeaderValue(value) ? undefined : 'what cannot be sent as a header, such as two lines';
  }
  // Anyone who has the public key could sign with it.
  return isPublicMaterial(value) ? 'a key in PEM or DER, not a shared secret' : undefined;
}

function putInPlace({ place: { holder, key } }: ReferencedSecret, value: string): void {
  delete holder[`_${key}`];
  holder[key] = value;
}
