import { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { capabilityStatement, TYPE_INTERACTIONS } from './capability-statement.js';
import { ClinicalController } from './clinical.controller.js';
import { RESOURCE_TYPES } from './resource-types.js';
import { clinicalSearchParameters } from './search-parameters.js';

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
    }[];
  }[];
}

const types = [...RESOURCE_TYPES].map(([type, identifiers]) => ({
  type,
  searchParameters: clinicalSearchParameters(identifiers),
}));

function statement(systemTypes: readonly string[] = ['AccessPolicy', 'User']): Statement {
  return capabilityStatement({
    baseUrl: 'http://localhost:8080',
    version: '1.2.3',
    date: new Date('2026-01-02T03:04:05Z'),
    types,
    systemTypes,
  }) as Statement;
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
const CONDITIONAL = ['PUT ', 'PATCH ', 'DELETE '];

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
      format: ['application/fhir+json', 'json', 'text/yaml', 'yaml'],
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
    const served = routesOf(ClinicalController)
      .filter((route) => !CONDITIONAL.includes(route))
      .map((route) => CODES[route]);

    expect(new Set(served)).toEqual(new Set(TYPE_INTERACTIONS));
    for (const { interaction } of statement().rest[0]?.resource ?? []) {
      expect(interaction.map(({ code }) => code)).toEqual(TYPE_INTERACTIONS);
    }
  });

  it('lists the search parameters of a type, identifier only where R4 has it', () => {
    const parametersOf = (name: string) =>
      statement()
        .rest[0]?.resource.find(({ type }) => type === name)
        ?.searchParam.map((parameter) => `${parameter.name} ${parameter.type}`);

    expect(parametersOf('Patient')).toEqual(['_id token', '_lastUpdated date', 'identifier token']);
    expect(parametersOf('Binary')).toEqual(['_id token', '_lastUpdated date']);
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
