import { formatPointer, parsePointer } from './data-pointer.js';
import { DRAFT_07 } from './keywords.js';

/** A `$ref` as it was found. */
export interface SchemaReference {
  /** Place for the issues. */
  readonly at: string;
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
  return places.references.filter((reference) => !isResolved(reference, places));
}

function isResolved({ base, reference }: SchemaReference, places: SchemaPlaces): boolean {
  const absolute = resolveIdentifier(reference, base);
  if (absolute === undefined) return false;
  if (absolute === DRAFT_07 || absolute.startsWith(`${DRAFT_07}#`)) return true;
  if (places.identifiers.has(absolute)) return true;
  const [document = '', fragment = ''] = absolute.split('#');
  const root = document === DOCUMENT ? '' : places.identifiers.get(document);
  const segments = parsePointer(`#${fragment}`);
  return (
    root !== undefined &&
    segments !== undefined &&
    places.schemas.has(root + formatPointer(segments))
  );
}
