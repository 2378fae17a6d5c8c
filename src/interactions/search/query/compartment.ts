import type { SearchDefinitions } from '../definitions/search-definitions.js';
import { referenceParameter } from './criteria.js';
import { hasSlot, isFound, type IndexTest } from './index-lookup.js';
import type { RowCondition } from './search-statement.js';

/** A compartment, named by its owner (FHIR R4, CompartmentDefinition). */
export interface Compartment {
  readonly type: string;
  readonly id: string;
}

/** Resources of some types that are in a compartment; its owner is, where its type is among them. */
export function isInCompartment(
  types: readonly string[],
  compartment: Compartment,
  context: { readonly definitions: SearchDefinitions },
): RowCondition {
  const { type, id } = compartment;
  const isMember = compartmentReferences(types, compartment, context);
  if (!types.includes(type)) return isFound({ table: 'search_reference', test: isMember });
  return (row, statement) => {
    const reference = statement.alias();
    const owner = statement.alias();
    // A union rather than OR, which would look at every resource that there is.
    return `${row}.search_key IN (
      SELECT ${reference}.search_key FROM search_reference ${reference}
       WHERE ${isMember(reference, statement)}
       UNION ALL
      SELECT ${owner}.search_key FROM clinical_resource ${owner}
       WHERE ${owner}.id = ${statement.bind(id)} AND ${statement.visible(owner, [type])})`;
  };
}

/** Rows of the references by which resources of some types are in a compartment. */
function compartmentReferences(
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
