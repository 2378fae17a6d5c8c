import { MODIFIERS } from '../interactions/search/query/value-lookup.js';
import type { SearchCapabilities } from './search-capabilities.js';

/** A clinical type as the CapabilityStatement describes it. */
export interface ServedType {
  readonly type: string;
  readonly search: SearchCapabilities;
}

/** What a CapabilityStatement is made of. */
export interface Capabilities {
  /** Base URL of the server, without a trailing slash. */
  readonly baseUrl: string;
  /** Version of the software. */
  readonly version: string;
  /** Since when the server has these capabilities. */
  readonly date: Date;
  readonly types: readonly ServedType[];
  readonly systemTypes: readonly string[];
  /** Types in whose compartments can be searched. */
  readonly compartments: readonly string[];
}

/** The interactions that every type has, as codes of http://hl7.org/fhir/restful-interaction. */
export const TYPE_INTERACTIONS = [
  'read',
  'vread',
  'update',
  'patch',
  'delete',
  'history-instance',
  'history-type',
  'create',
  'search-type',
] as const;

/** The interactions on the whole system, as codes of http://hl7.org/fhir/restful-interaction. */
export const SYSTEM_INTERACTIONS = [
  'transaction',
  'batch',
  'search-system',
  'history-system',
] as const;

const SECURITY_SERVICES = ['SMART-on-FHIR', 'OAuth', 'Basic'] as const;

/** The R4 CapabilityStatement of this server: exactly what works. */
export function capabilityStatement(capabilities: Capabilities): object {
  const { baseUrl, version, date } = capabilities;
  return {
    resourceType: 'CapabilityStatement',
    id: 'metadata',
    url: `${baseUrl}/fhir/metadata`,
    version,
    name: 'Wardgate',
    title: 'Wardgate',
    status: 'active',
    date: date.toISOString(),
    kind: 'instance',
    software: { name: 'Wardgate', version },
    implementation: { description: 'FHIR R4 API behind Wardgate', url: `${baseUrl}/fhir` },
    fhirVersion: '4.0.1',
    format: ['application/fhir+json', 'json', 'text/yaml', 'application/yaml'],
    patchFormat: [
      'application/fhir+json',
      'application/json-patch+json',
      'application/merge-patch+json',
    ],
    rest: [rest(capabilities)],
  };
}

function rest({ baseUrl, types, systemTypes, compartments }: Capabilities): object {
  return {
    // `resource.type` is bound to the types of R4, which system resources are not.
    ...(systemTypes.length === 0 ? {} : { extension: systemTypes.map(systemType(baseUrl)) }),
    mode: 'server',
    documentation: [
      'A search parameter that is not listed is refused with 400, never ignored.',
      modifiers(),
      'Results: _count (at most 1000), _sort, _total, _elements, _summary, _include, _revinclude (both with',
      ':iterate), and the links of the answer. Chains and _has. Formats: _format.',
      ...(systemTypes.length === 0
        ? []
        : [`System resources with the same interactions: ${systemTypes.join(', ')}.`]),
    ].join(' '),
    security: security(),
    resource: types.map(resource),
    interaction: SYSTEM_INTERACTIONS.map((code) => ({ code })),
    compartment: compartments.map(compartmentUrl),
  };
}

/** R4 names the one of RelatedPerson `relatedPerson`. */
function compartmentUrl(type: string): string {
  const name = type.charAt(0).toLowerCase() + type.slice(1);
  return `http://hl7.org/fhir/CompartmentDefinition/${name}`;
}

function modifiers(): string {
  const lists = Object.entries(MODIFIERS).map(
    ([kind, names]) => `${kind} ${names.map((name) => `:${name}`).join(' ')}`,
  );
  return `Modifiers: ${lists.join(', ')}, and of a reference the types it leads to.`;
}

function systemType(baseUrl: string): (name: string) => object {
  const url = `${baseUrl}/fhir/StructureDefinition/system-resource-type`;
  return (name) => ({ url, valueCode: name });
}

function security(): object {
  const system = 'http://terminology.hl7.org/CodeSystem/restful-security-service';
  return {
    service: SECURITY_SERVICES.map((code) => ({ coding: [{ system, code, display: code }] })),
    description:
      'Every request but for this description needs a bearer token of a configured provider, or Basic ' +
      'credentials of a Client, and an access policy that allows it.',
  };
}

const EVERYTHING = {
  name: 'everything',
  definition: 'http://hl7.org/fhir/OperationDefinition/Patient-everything',
};

const VALIDATE = {
  name: 'validate',
  definition: 'http://hl7.org/fhir/OperationDefinition/Resource-validate',
};

function resource({ type, search }: ServedType): object {
  return {
    type,
    interaction: TYPE_INTERACTIONS.map((code) => ({ code })),
    versioning: 'versioned',
    readHistory: true,
    updateCreate: true,
    conditionalCreate: true,
    conditionalRead: 'not-match',
    conditionalUpdate: true,
    conditionalDelete: 'single',
    operation: type === 'Patient' ? [EVERYTHING, VALIDATE] : [VALIDATE],
    ...withoutEmpty(search),
  };
}

/** FHIR's JSON has no empty arrays. */
function withoutEmpty(lists: SearchCapabilities): object {
  const entries = Object.entries<readonly unknown[]>({ ...lists });
  return Object.fromEntries(entries.filter(([, list]) => list.length > 0));
}
