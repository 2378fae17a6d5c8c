import { targetOf, type SchemaPlaces, type SchemaReference } from './schema-references.js';

/** What stands behind the pointer of a schema where another one is for the same value. */
const FOR_SAME_VALUE = /\/(?:(?:allOf|anyOf|oneOf|dependencies)\/[^/]*|not|if|then|else)$/;

const MAX_EXPANDED = 1_000;

/**
 * The first reference that leads to more than 1,000 schemas for one and the same value, once all references
 * below it are written out: each decision would go through them all, and they double with every level.
 *
 * A schema that leads back to itself counts once; how deep it goes depends on the value.
 */
export function overlyExpandedReference(places: SchemaPlaces): SchemaReference | undefined {
  const expansion = new Expansion(places);
  return places.references.find((reference) => {
    const target = targetOf(reference, places);
    return target !== undefined && expansion.of(target) > MAX_EXPANDED;
  });
}

/** How many schemas each schema stands for. */
class Expansion {
  private readonly parts = new Map<string, string[]>();
  private readonly known = new Map<string, number>();

  constructor(places: SchemaPlaces) {
    for (const pointer of places.schemas) {
      const within = pointer.replace(FOR_SAME_VALUE, '');
      if (within !== pointer && places.schemas.has(within)) this.add(within, pointer);
    }
    for (const reference of places.references) {
      const target = targetOf(reference, places);
      if (target !== undefined) this.add(reference.from, target);
    }
  }

  of(pointer: string): number {
    const known = this.known.get(pointer);
    if (known !== undefined) return known;
    // Until it is known what it stands for, as where it leads back to itself.
    this.known.set(pointer, 0);
    const parts = this.parts.get(pointer) ?? [];
    const total = parts.reduce((sum, part) => sum + this.of(part), 1);
    this.known.set(pointer, total);
    return total;
  }

  private add(pointer: string, part: string): void {
    const parts = this.parts.get(pointer);
    if (parts) parts.push(part);
    else this.parts.set(pointer, [part]);
  }
}
