import { BadRequest } from '../../errors/fhir-error.js';
import { isConditionalReference } from '../../interactions/bundle/conditional-references.js';
import type { Json } from '../../interactions/formats/json.js';

/**
 * Refuses references that name their targets by criteria: upstreams may resolve them outside Bundles too,
 * where nobody would have decided on the search.
 *
 * @param content what is to be written
 * @param isPatch whether it is a patch document, of which any text may become a reference
 * @throws BadRequest 400 that shows the reference
 */
export function assertLiteralReferences(content: Json, isPatch: boolean): void {
  for (const text of textsIn(content, isPatch)) {
    if (!isConditionalReference(text)) continue;
    throw new BadRequest(
      `${JSON.stringify(text.slice(0, 100))} is taken in Bundles only; name the resource`,
      'not-supported',
    );
  }
}

function* textsIn(value: Json, isAny: boolean): Generator<string> {
  if (typeof value !== 'object' || value === null) {
    if (isAny && typeof value === 'string') yield value;
    return;
  }
  for (const [key, child] of Object.entries<Json>(value as Readonly<Record<string, Json>>)) {
    if (typeof child !== 'string') yield* textsIn(child, isAny);
    else if (isAny || key === 'reference') yield child;
  }
}
