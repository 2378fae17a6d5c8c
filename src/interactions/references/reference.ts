const RELATIVE =
  /^([A-Z][A-Za-z]{0,63})\/([A-Za-z0-9\-.]{1,64})(?:\/_history\/([A-Za-z0-9\-.]{1,64}))?$/;
const TYPE = /^[A-Z][A-Za-z]{0,63}$/;
const ID = /^[A-Za-z0-9\-.]{1,64}$/;

/** The one parsed form of a reference to a resource of this server, however it was written. */
export interface Reference {
  readonly resourceType: string;
  readonly id: string;
  /** Only of a version-specific reference, which the other form cannot say. */
  readonly versionId?: string;
}

/**
 * Parses `User/u1`, `{reference: 'User/u1'}` or `{resourceType: 'User', id: 'u1'}`.
 *
 * @returns `undefined` for anything else: absolute URLs, `#local`, `urn:uuid:`, a leading slash,
 * and objects whose two forms disagree.
 */
export function parseReference(value: unknown): Reference | undefined {
  if (typeof value === 'string') return parseRelative(value);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const named = namedResource(value);
  const reference = ownText(value, 'reference');
  if (reference === undefined) return named;
  const parsed = parseRelative(reference);
  return named === undefined || isSameResource(parsed, named) ? parsed : undefined;
}

/** Whether two references name one resource; its version does not matter. A missing one equals nothing. */
export function isSameResource(a: Reference | undefined, b: Reference | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  return a.resourceType === b.resourceType && a.id === b.id;
}

/** The resource that `resourceType` and `id` of an object name, if both are there and well-formed. */
export function namedResource(value: object): Reference | undefined {
  const resourceType = ownText(value, 'resourceType');
  const id = ownText(value, 'id');
  if (resourceType === undefined || id === undefined) return undefined;
  return TYPE.test(resourceType) && ID.test(id) ? { resourceType, id } : undefined;
}

function parseRelative(text: string): Reference | undefined {
  const [, resourceType, id, versionId] = RELATIVE.exec(text) ?? [];
  if (resourceType === undefined || id === undefined) return undefined;
  return { resourceType, id, ...(versionId === undefined ? {} : { versionId }) };
}

function ownText(value: object, key: string): string | undefined {
  const member = Object.getOwnPropertyDescriptor(value, key)?.value as unknown;
  return typeof member === 'string' ? member : undefined;
}
