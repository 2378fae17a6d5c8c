import { BadRequest, NotFound } from '../errors/fhir-error.js';
import type { SearchDefinitions } from '../interactions/search/definitions/search-definitions.js';
import { single } from '../interactions/search/parse-search.js';
import type { Compartment } from '../interactions/search/query/compartment.js';

const MAX_TYPES = 50;
const ID = /^[A-Za-z0-9\-.]{1,64}$/;

/**
 * The types that a search of several types names in `_type`, each once.
 *
 * @throws BadRequest 400 without `_type`, for too many, and for a type that is not served here
 */
export function searchedTypes(
  given: string | readonly string[] | undefined,
  definitions: SearchDefinitions,
): readonly string[] {
  if (given === undefined) {
    throw new BadRequest('A search of several types names them in _type', 'required', '_type');
  }
  const types = [...new Set(single('_type', given).split(',', MAX_TYPES + 1))];
  if (types.length > MAX_TYPES) {
    throw new BadRequest(`_type takes ${MAX_TYPES} types at most`, 'too-costly', '_type');
  }
  const unknown = types.find((type) => !definitions.types.includes(type));
  if (unknown === undefined) return types;
  const shown = JSON.stringify(unknown.slice(0, 64));
  throw new BadRequest(`_type names ${shown}, which is no type of R4`, 'value', '_type');
}

/**
 * @throws NotFound 404 where there is no such compartment or type
 * @throws BadRequest 400 where resources of the type are never in it
 */
export function assertCompartment(
  { type, id }: Compartment,
  member: string,
  definitions: SearchDefinitions,
): void {
  const isKnown = definitions.compartments.includes(type) && definitions.types.includes(member);
  if (!isKnown || !ID.test(id)) {
    throw new NotFound('There is no such route, or not with this method');
  }
  if (type !== member && definitions.compartmentParameters(type, member).length === 0) {
    throw new BadRequest(`${member} is never in the compartment of a ${type}`, 'not-supported');
  }
}
