import {
  ID_PARAMETER,
  identifierIn,
  LAST_UPDATED_PARAMETER,
} from '../interactions/search/parameters.js';
import type { SearchParameter } from '../interactions/search/parse-search.js';
import type { IdentifierDefinition } from './resource-types.js';

/** A search parameter with what the CapabilityStatement says of it. */
export interface ClinicalSearchParameter extends SearchParameter {
  /** Search parameter type (FHIR R4, Search §3.1.1.4). */
  readonly type: 'token' | 'date';
  readonly documentation: string;
}

/** The search parameters of a type whose `identifier` looks at these elements. */
export function clinicalSearchParameters(
  identifiers: readonly IdentifierDefinition[],
): ReadonlyMap<string, ClinicalSearchParameter> {
  const parameters = new Map<string, ClinicalSearchParameter>([
    ['_id', { ...ID_PARAMETER, type: 'token', documentation: 'Logical id' }],
    [
      '_lastUpdated',
      {
        ...LAST_UPDATED_PARAMETER,
        type: 'date',
        documentation: 'When the version was written; prefixes eq, ne, gt, ge, lt, le, sa, eb',
      },
    ],
  ]);
  if (identifiers.length === 0) return parameters;
  return parameters.set('identifier', {
    ...identifierIn(...identifiers.map(({ name }) => name)),
    type: 'token',
    documentation: 'Business identifier: value, system|value, |value or system|',
  });
}
