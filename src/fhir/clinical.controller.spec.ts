import { jest } from '@jest/globals';
import type { EntityManager } from 'typeorm';
import { FhirError, NotFound } from '../errors/fhir-error.js';
import type { EntryDecisions } from '../interactions/bundle/entry-authorizer.js';
import type { Answer } from '../interactions/http/answer.js';
import { OPERATION, type InteractionRequest } from '../interactions/http/interaction-request.js';
import { SearchIndex } from '../interactions/search/index/search-index.js';
import { ClinicalSearches } from '../interactions/search/query/clinical-searches.js';
import type { ResourceStore } from '../interactions/storage/resource-store.js';
import type { ResourceStores } from '../interactions/storage/resource-stores.js';
import type { ResourceTable } from '../interactions/storage/resource-table.js';
import type { StoredVersion } from '../interactions/storage/stored-version.js';
import { readsWithin } from '../interactions/load/wide-reads.js';
import type { AdmittedWork } from '../interactions/storage/unit-of-work.js';
import { CapabilityController } from './capability.controller.js';
import { CapabilityService } from './capability.service.js';
import { ClinicalController } from './clinical.controller.js';
import { ClinicalStorage } from './clinical-storage.js';
import type { BundleProcessor } from '../interactions/bundle/bundle-processor.js';
import { ConditionalInteractions } from './conditional-interactions.js';
import { ClinicalService } from './clinical.service.js';
import { R4Definitions } from './definitions/r4-definitions.js';
import { r4SearchDefinitions } from './definitions/r4-search-definitions.js';
import { FhirSettings } from './fhir-settings.js';
import { SystemTypes } from './system-types.js';
import { ReferenceIntegrity } from './integrity/reference-integrity.js';
import { ProfileValidator } from './profiles/profile-validator.js';
import { ResourceValidator } from './validation/resource-validator.js';

const REQUEST: InteractionRequest = {
  family: 'fhir',
  writer: { isAdministrator: false },
  query: {},
  body: undefined,
  contentType: undefined,
  ifMatch: undefined,
  ifNoneMatch: undefined,
  prefer: undefined,
};
const VERSION: StoredVersion = {
  type: 'Patient',
  id: 'p1',
  versionId: 3,
  createdAt: new Date('2026-01-01T00:00:00Z'),
  lastUpdated: new Date('2026-01-02T00:00:00Z'),
  method: 'PUT',
  text: '{"resourceType":"Patient","id":"p1","x":1.10}',
};

/** A store that holds one Patient and refuses everything that a test does not expect. */
function storeOf({ type }: ResourceTable): ResourceStore {
  const store: Partial<ResourceStore> = {
    current: async (id) => (type === 'Patient' && id === 'p1' ? VERSION : undefined),
    version: async (id, versionId) => (id === 'p1' && versionId === 3 ? VERSION : undefined),
    history: async () => ({ versions: [VERSION], total: 1 }),
  };
  return store as ResourceStore;
}

/** The database, which has nothing. */
const search = jest.fn(async (_statement: string, _values: readonly unknown[]) => [
  { total: '0', is_ready: true, resource_type: null },
]);

class TestSettings extends FhirSettings {
  readonly furtherSearchParameters = [];
  readonly baseUrl = 'http://localhost:8080';
  readonly bundleTimeoutMs = 60_000;
  readonly version = '1.2.3';
  readonly requiredProfiles = new Map();
  readonly refusesUnknownProfiles = false;
  readonly keepsReferentialIntegrity = false;
}

class TestSystemTypes extends SystemTypes {
  readonly names = ['User'];
}

const settings = new TestSettings();
const definitions = r4SearchDefinitions();
const searches = new ClinicalSearches({
  definitions,
  baseUrl: 'http://localhost:8080/fhir',
  reads: readsWithin({ query: search } as unknown as EntityManager),
  assertComplete: () => undefined,
});
const validator = new ResourceValidator(new R4Definitions());
const clinical = new ClinicalService(
  new ClinicalStorage(
    { open: storeOf } as unknown as ResourceStores,
    {} as unknown as AdmittedWork,
    new SearchIndex(definitions, 'http://localhost:8080/fhir'),
    new ReferenceIntegrity({
      isKept: false,
      baseUrl: 'http://localhost:8080/fhir',
      systemTypes: [],
      assertComplete: () => undefined,
    }),
  ),
  searches,
  settings,
  validator,
  new ProfileValidator(
    { closure: () => Promise.reject(new Error('No profile is asked for')) },
    validator.rules,
    settings,
  ),
);
const refusalOf = jest.fn<EntryDecisions['refusalOf']>(async () => undefined);
const authorizer = { snapshot: () => ({ decidesInlineSearches: true, refusalOf }) };
const conditional = new ConditionalInteractions(
  clinical,
  { baseUrl: settings.baseUrl, find: () => undefined },
  {} as unknown as BundleProcessor,
  authorizer,
  settings,
);
const controller = new ClinicalController(clinical, authorizer, conditional);

type Route = (type: string, request: InteractionRequest) => Promise<Answer>;

const ROUTES: Readonly<Record<string, Route>> = {
  search: (type, request) => controller.search(type, request),
  searchByForm: (type, request) => controller.searchByForm(type, request),
  create: (type, request) => controller.create(type, request),
  typeHistory: (type, request) => controller.typeHistory(type, request),
  read: (type, request) => controller.read(type, 'p1', request),
  update: (type, request) => controller.update(type, 'p1', request),
  patch: (type, request) => controller.patch(type, 'p1', request),
  delete: (type, request) => controller.delete(type, 'p1', request),
  history: (type, request) => controller.history(type, 'p1', request),
  vread: (type, request) => controller.vread(type, 'p1', '3', request),
};
async function failure(answer: Promise<Answer> | undefined): Promise<FhirError> {
  const error: unknown = await answer?.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof FhirError) return error;
  throw new Error('The request was answered', { cause: error });
}

describe('ClinicalController', () => {
  beforeEach(() => {
    search.mockClear();
    refusalOf.mockClear();
  });

  it('has the operation ids that policies are linked to', () => {
    const ids = Object.keys(ROUTES).map((name) => {
      const handler = Object.getOwnPropertyDescriptor(ClinicalController.prototype, name)
        ?.value as object;
      const operation: unknown = Reflect.getMetadata(OPERATION, handler);
      return [name, operation];
    });

    expect(Object.fromEntries(ids)).toEqual({
      search: 'FhirSearch',
      searchByForm: 'FhirSearch',
      create: 'FhirCreate',
      typeHistory: 'FhirHistoryType',
      read: 'FhirRead',
      update: 'FhirUpdate',
      patch: 'FhirPatch',
      delete: 'FhirDelete',
      history: 'FhirHistory',
      vread: 'FhirVread',
    });
  });

  describe.each(Object.keys(ROUTES))('%s', (name) => {
    it.each(['AccessPolicy', 'User', 'Client', 'Session', 'Resource', 'patient', 'metadata'])(
      'never serves %s',
      async (type) => {
        expect((await failure(ROUTES[name]?.(type, REQUEST))).status).toBe(404);
      },
    );
  });

  it.each(Object.keys(ROUTES))('%s refuses a parameter that it would not look at', async (name) => {
    const request = { ...REQUEST, query: { colour: 'red' } };
    const error = await failure(ROUTES[name]?.('Patient', request));

    expect(error.status).toBe(400);
    expect(error.message).toMatch(/not supported here|History takes/);
  });

  it('refuses a search by anything but a form', async () => {
    const request = { ...REQUEST, body: { value: {}, text: '{}' } };

    expect((await failure(controller.searchByForm('Patient', request))).status).toBe(415);
    expect(search).not.toHaveBeenCalled();
  });

  it.each(['search', 'searchByForm'])('%s hands what was asked to the store', async (name) => {
    const request = { ...REQUEST, query: { identifier: 's|1', _count: '5' } };

    const answer = await ROUTES[name]?.('Patient', request);

    expect(answer?.status).toBe(200);
    expect(search.mock.calls[0]?.[1]).toEqual(expect.arrayContaining(['Patient', 's', '1', 6]));
    expect(refusalOf).not.toHaveBeenCalled();
  });

  it('searches by identifier only where R4 has it', async () => {
    const request = { ...REQUEST, query: { identifier: '1' } };

    expect((await failure(controller.search('Binary', request))).status).toBe(400);
    expect(search).not.toHaveBeenCalled();
  });

  it.each(['search', 'searchByForm'])('%s asks about what it reaches, first', async (name) => {
    refusalOf.mockResolvedValueOnce(new NotFound('no'));
    const request = { ...REQUEST, query: { 'general-practitioner:Practitioner.name': 'x' } };

    expect((await failure(ROUTES[name]?.('Patient', request))).status).toBe(404);
    expect(search).not.toHaveBeenCalled();
    expect(refusalOf.mock.calls[0]?.[0]).toMatchObject({
      method: 'get',
      path: '/fhir/Practitioner',
      query: { name: 'x' },
      routeParams: { type: 'Practitioner' },
      operation: 'FhirSearch',
    });
  });

  it.each(['read', 'vread'])('%s answers the stored text', async (name) => {
    const answer = await ROUTES[name]?.('Patient', { ...REQUEST, query: { _format: 'json' } });

    expect(answer).toMatchObject({
      status: 200,
      headers: { etag: 'W/"3"' },
      text: '{"resourceType":"Patient","id":"p1","x":1.10}',
    });
  });

  it('reads no Patient as another type', async () => {
    expect((await failure(controller.read('Practitioner', 'p1', REQUEST))).status).toBe(404);
  });

  it('answers 304 to a caller who holds the version', async () => {
    const answer = await controller.read('Patient', 'p1', { ...REQUEST, ifNoneMatch: 'W/"3"' });

    expect(answer.status).toBe(304);
  });
});

describe('CapabilityController', () => {
  const source = new CapabilityService(definitions, settings, new TestSystemTypes());
  const capabilities = new CapabilityController(source);

  it('answers the statement, whole, with an ETag', async () => {
    const { status, headers, text } = await capabilities.metadata(undefined, undefined);

    expect(status).toBe(200);
    expect(headers['etag']).toMatch(/^W\/"[\w-]{22}"$/);
    expect(JSON.parse(text ?? '')).toMatchObject({ resourceType: 'CapabilityStatement' });
    expect((await capabilities.metadata('full', 'W/"another"')).text).toBe(text);
  });

  it('brings the statement as YAML, which takes long to make', async () => {
    const { yaml } = await capabilities.metadata(undefined, undefined);

    expect(yaml?.()).toMatch(/^resourceType: CapabilityStatement\n/);
  });

  it('answers 304 to a caller who holds it', async () => {
    const { headers } = await capabilities.metadata(undefined, undefined);
    const etag = String(headers['etag']);

    expect(await capabilities.metadata(undefined, `W/"x", ${etag}`)).toEqual({
      status: 304,
      headers: { etag },
    });
    expect((await capabilities.metadata(undefined, '*')).status).toBe(304);
  });

  it.each(['terminology', 'normative', '', ['full', 'full']])(
    'refuses the mode %j',
    async (mode) => {
      await expect(capabilities.metadata(mode, undefined)).rejects.toThrow(FhirError);
    },
  );
});
