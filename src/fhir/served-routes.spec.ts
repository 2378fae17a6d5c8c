import type { Type } from '@nestjs/common';
import { registeredRoutes } from '../access/routes/registered-routes.js';
import { capabilityStatement } from './capability-statement.js';
import { r4SearchDefinitions } from './definitions/r4-search-definitions.js';
import { searchCapabilities } from './search-capabilities.js';
import { StoreRoutesModule } from './store-routes.module.js';

/** What the statement says of each route; the statement itself is not among its capabilities. */
const CLAIMS: Readonly<Record<string, readonly string[]>> = {
  'GET /fhir': ['search-system'],
  'POST /fhir': ['batch', 'transaction'],
  'POST /fhir/_search': ['search-system'],
  'GET /fhir/_history': ['history-system'],
  'GET /fhir/metadata': [],
  'GET /fhir/:type': ['search-type'],
  'POST /fhir/:type': ['create', 'conditionalCreate'],
  'PUT /fhir/:type': ['conditionalUpdate'],
  // R4 has no element for it.
  'PATCH /fhir/:type': [],
  'DELETE /fhir/:type': ['conditionalDelete'],
  'POST /fhir/:type/_search': ['search-type'],
  'GET /fhir/:type/_history': ['history-type'],
  'POST /fhir/:type/$validate': ['$validate'],
  'GET /fhir/:type/:id': ['read', 'conditionalRead'],
  'PUT /fhir/:type/:id': ['update', 'updateCreate'],
  'PATCH /fhir/:type/:id': ['patch'],
  'DELETE /fhir/:type/:id': ['delete'],
  'POST /fhir/:type/:id/$validate': ['$validate'],
  'GET /fhir/:type/:id/$everything': ['$everything'],
  'POST /fhir/:type/:id/$everything': ['$everything'],
  'GET /fhir/:type/:id/_history': ['history-instance'],
  'GET /fhir/:type/:id/_history/:vid': ['vread', 'readHistory'],
  'GET /fhir/:type/:id/:member': ['compartment'],
  'POST /fhir/:type/:id/:member/_search': ['compartment'],
};

interface Listed {
  readonly code?: string;
  readonly name?: string;
}

interface Rest {
  readonly interaction: readonly Listed[];
  readonly compartment: readonly string[];
  readonly resource: readonly (Readonly<Record<string, unknown>> & {
    readonly type: string;
    readonly interaction: readonly Listed[];
    readonly operation: readonly Listed[];
  })[];
}

const CONDITIONS = [
  ...['conditionalCreate', 'conditionalUpdate', 'conditionalDelete', 'conditionalRead'],
  ...['readHistory', 'updateCreate'],
];

const definitions = r4SearchDefinitions();
const { rest } = capabilityStatement({
  baseUrl: 'http://localhost:8080',
  version: '1.2.3',
  date: new Date(0),
  types: [...searchCapabilities(definitions)].map(([type, search]) => ({ type, search })),
  systemTypes: [],
  compartments: definitions.compartments,
}) as { readonly rest: readonly Rest[] };

/** All that the statement says can be done, once each. */
function stated(): readonly string[] {
  const [server] = rest;
  const resources = server?.resource ?? [];
  const interactions = [server, ...resources].flatMap((each) => each?.interaction ?? []);
  const operations = resources.flatMap(({ operation }) => operation);
  const conditions = resources.flatMap((each) =>
    CONDITIONS.filter((name) => (each[name] ?? false) !== false),
  );
  const compartments = (server?.compartment ?? []).map(() => 'compartment');
  return sorted([
    ...interactions.map(({ code = '' }) => code),
    ...operations.map(({ name = '' }) => `$${name}`),
    ...conditions,
    ...compartments,
  ]);
}

function sorted(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort();
}

describe('the CapabilityStatement and the routes', () => {
  const controllers = Reflect.getMetadata('controllers', StoreRoutesModule) as readonly Type[];
  const routes = registeredRoutes(controllers).map(({ method, path }) => `${method} ${path}`);

  it('are known to each other, every route of them', () => {
    expect(sorted(routes)).toEqual(sorted(Object.keys(CLAIMS)));
  });

  it('say the same: what is served is stated, and what is stated is served', () => {
    expect(stated()).toEqual(sorted(Object.values(CLAIMS).flat()));
  });

  it('keep the record to patients', () => {
    const recorded = rest[0]?.resource.filter(({ operation }) =>
      operation.some(({ name }) => name === 'everything'),
    );

    expect(recorded?.map(({ type }) => type)).toEqual(['Patient']);
  });
});
