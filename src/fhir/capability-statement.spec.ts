import { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { capabilityStatement, TYPE_INTERACTIONS } from './capability-statement.js';
import { ClinicalController } from './clinical.controller.js';
import { RESOURCE_TYPES } from './resource-types.js';
import { r4SearchDefinitions } from './definitions/r4-search-definitions.js';
import { searchCapabilities } from './search-capabilities.js';

interface Statement {
  readonly [element: string]: unknown;
  readonly rest: readonly {
    readonly extension?: readonly object[];
    readonly documentation: string;
    readonly security: { readonly service: readonly { readonly coding: readonly object[] }[] };
    readonly resource: readonly {
      readonly type: string;
      readonly interaction: readonly { readonly code: string }[];
      readonly searchParam: readonly { readonly name: string; readonly type: string }[];
      readonly searchInclude: readonly string[];
      readonly searchRevInclude: readonly string[];
    }[];
  }[];
}

const types = [...searchCapabilities(r4SearchDefinitions())].map(([type, search]) => ({
  type,
  search,
}));

function statement(systemTypes: readonly string[] = ['AccessPolicy', 'User']): Statement {
  return capabilityStatement({
    baseUrl: 'http://localhost:8080',
    version: '1.2.3',
    date: new Date('2026-01-02T03:04:05Z'),
    types,
    systemTypes,
    compartments: ['Patient'],
  }) as Statement;
}

function resourceOf(name: string) {
  return statement().rest[0]?.resource.find(({ type }) => type === name);
}

function parametersOf(name: string): readonly string[] | undefined {
  return resourceOf(name)?.searchParam.map((parameter) => `${parameter.name} ${parameter.type}`);
}

const CODES: Readonly<Record<string, string>> = {
  'GET ': 'search-type',
  'POST _search': 'search-type',
  'POST ': 'create',
  'GET _history': 'history-type',
  'GET :id': 'read',
  'PUT :id': 'update',
  'PATCH :id': 'patch',
  'DELETE :id': 'delete',
  'GET :id/_history': 'history-instance',
  'GET :id/_history/:vid': 'vread',
};
function routesOf(controller: typeof ClinicalController): string[] {
  return Object.values(Object.getOwnPropertyDescriptors(controller.prototype)).flatMap(
    ({ value }: PropertyDescriptor) => {
      const method: unknown = Reflect.getMetadata(METHOD_METADATA, value as object);
      const path: unknown = Reflect.getMetadata(PATH_METADATA, value as object);
      if (typeof method !== 'number') return [];
      return [`${RequestMethod[method]} ${String(path).replace(/^\//, '')}`];
    },
  );
}

describe('capabilityStatement', () => {
  it('has the elements that R4 requires of an instance', () => {
    expect(statement()).toMatchObject({
      resourceType: 'CapabilityStatement',
      status: 'active',
      date: '2026-01-02T03:04:05.000Z',
      kind: 'instance',
      fhirVersion: '4.0.1',
      format: ['application/fhir+json', 'json', 'text/yaml', 'application/yaml'],
      software: { name: 'Wardgate', version: '1.2.3' },
      implementation: {
        description: expect.any(String),
        url: 'http://localhost:8080/fhir',
      },
      rest: [{ mode: 'server' }],
    });
  });

  it('lists every R4 type once, and no other', () => {
    const listed = statement().rest[0]?.resource.map(({ type }) => type);

    expect(listed).toEqual([...RESOURCE_TYPES.keys()]);
  });

  it('lists the interactions that the controller has routes for, and no other', () => {
    const served = routesOf(ClinicalController).map((route) => CODES[route]);

    expect(new Set(served)).toEqual(new Set(TYPE_INTERACTIONS));
    for (const { interaction } of statement().rest[0]?.resource ?? []) {
      expect(interaction.map(({ code }) => code)).toEqual(TYPE_INTERACTIONS);
    }
  });

  it('lists the search parameters of a type', () => {
    const common = [
      ...['_id token', '_lastUpdated date', '_profile uri', '_security token', '_source uri'],
      '_tag token',
    ];

    expect(parametersOf('Binary')).toEqual(common);
    expect(parametersOf('Flag')).toEqual([
      ...common,
      ...['author reference', 'date date', 'encounter reference', 'identifier token'],
      ...['patient reference', 'subject reference'],
    ]);
    expect(parametersOf('Observation')).toContain('code-value-quantity composite');
    expect(parametersOf('Location')).not.toContain('near special');
  });

  it('lists what can be included with a type, and what refers to it', () => {
    expect(resourceOf('Flag')?.searchInclude).toEqual([
      ...['Flag:author', 'Flag:encounter', 'Flag:patient', 'Flag:subject'],
    ]);
    expect(resourceOf('MedicationKnowledge')?.searchRevInclude).toContain('Provenance:target');
    expect(resourceOf('Patient')?.searchRevInclude).toContain('Observation:subject');
    expect(resourceOf('Medication')?.searchRevInclude).not.toContain('Observation:subject');
  });

  it('names system types where R4 does not restrict the codes', () => {
    const url = 'http://localhost:8080/fhir/StructureDefinition/system-resource-type';

    expect(statement().rest[0]?.extension).toEqual([
      { url, valueCode: 'AccessPolicy' },
      { url, valueCode: 'User' },
    ]);
    expect(statement().rest[0]?.documentation).toContain('AccessPolicy, User');
    expect(statement([]).rest[0]).not.toHaveProperty('extension');
  });

  it('says how to sign in', () => {
    const system = 'http://terminology.hl7.org/CodeSystem/restful-security-service';

    expect(statement().rest[0]?.security.service.flatMap(({ coding }) => coding)).toEqual(
      ['SMART-on-FHIR', 'OAuth', 'Basic'].map((code) => ({ system, code, display: code })),
    );
  });
});
