import type { SearchDefinitions } from '../definitions/search-definitions.js';
import { hasSlot, type IndexTest } from './index-lookup.js';
import { referenceParameter } from './criteria.js';

/** A compartment, named by its owner (FHIR R4, CompartmentDefinition). */
export interface Compartment {
  readonly type: string;
  readonly id: string;
}

/** Rows of the references by which resources of some types are in a compartment. */
export function compartmentReferences(
  types: readonly string[],
  { type, id }: Compartment,
  context: { readonly definitions: SearchDefinitions },
): IndexTest {
  const parameters = types.flatMap((member) =>
    context.definitions
      .compartmentParameters(type, member)
      .map((name) => referenceParameter(name, [member], context)),
  );
  const slots = parameters.flatMap(({ elements }) => elements.map(({ slot }) => slot));
  return (row, statement) =>
    `${hasSlot(slots)(row, statement)} AND ${row}.target_type = ${statement.bind(type)}
      AND ${row}.target_id = ${statement.bind(id)}`;
}
