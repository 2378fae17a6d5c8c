import { formatPointer, parsePointer } from './data-pointer.js';
import { DRAFT_07 } from './keywords.js';

/** A `$ref` as it was found. */
export interface SchemaReference {
  /** Place for the issues. */
  readonly at: string;
  /** JSON pointer of the schema that it stands in. */
  readonly from: string;
  /** Identifier that relative references are resolved against; empty for the document itself. */
  readonly base: string;
  readonly reference: string;
}

/** What the walk over a schema found about its own places. */
export interface SchemaPlaces {
  /** JSON pointers of everything that was read as a schema. */
  readonly schemas: ReadonlySet<string>;
  /** JSON pointers of schemas by absolute identifier. */
  readonly identifiers: ReadonlyMap<string, string>;
  readonly references: readonly SchemaReference[];
}

/** Stands in for the identifier of a document that has none; nothing is ever fetched from it. */
const DOCUMENT = 'document://schema/root';

/** An identifier made absolute; `undefined` when it is no URI reference. */
export function resolveIdentifier(identifier: string, base: string): string | undefined {
  try {
    return new URL(identifier, base === '' ? DOCUMENT : base).href;
  } catch {
    return undefined;
  }
}

/** References to anything but a schema of the same document or the draft-07 meta-schema. */
export function unresolvedReferences(places: SchemaPlaces): readonly SchemaReference[] {
  return places.references.filter((reference) => targetOf(reference, places) === undefined);
}

/**
 * JSON pointer of the schema that a reference leads to.
 *
 * @returns `meta-schema` for that of draft-07; `undefined` when it leads to no schema.
 */
export function targetOf(
  { base, reference }: SchemaReference,
  places: SchemaPlaces,
): string | undefined {
  const absolute = resolveIdentifier(reference, base);
  if (absolute === undefined) return undefined;
  if (absolute === DRAFT_07 || absolute.startsWith(`${DRAFT_07}#`)) return 'meta-schema';
  const identified = places.identifiers.get(absolute);
  if (identified !== undefined) return identified;
  return pointerIn(absolute, places);
}

function pointerIn(absolute: string, places: SchemaPlaces): string | undefined {
  const [document = '', fragment = ''] = absolute.split('#');
  const root = document === DOCUMENT ? '' : places.identifiers.get(document);
  const segments = parsePointer(`#${fragment}`);
  if (root === undefined || segments === undefined) return undefined;
  const pointer = root + formatPointer(segments);
  return places.schemas.has(pointer) ? pointer : undefined;
}
