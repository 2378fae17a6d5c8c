import { startOpenIdProvider } from './openid-provider.js';
import { startTestApp, type TestApp } from './test-app.js';

/** A Wardgate for FHIR clients of others, and a token for it. */
export interface ClientFixture {
  readonly app: TestApp;
  readonly fhirUrl: string;
  /**
   * Of an OpenID provider; with it Patients, Observations and Encounters may be done anything with, and
   * transactions sent. Everything else is denied.
   */
  readonly token: string;
  stop(): Promise<void>;
}

/** A resource as clients take it. */
interface Resource extends Record<string, unknown> {
  readonly resourceType: string;
}

const TYPES = ['Patient', 'Observation', 'Encounter'];

/** Starts provider and application and makes the policies that clients are tried with. */
export async function startForClients(): Promise<ClientFixture> {
  const provider = await startOpenIdProvider();
  const app = await startTestApp();
  await app.put('/fhir/TokenIntrospector/provider', {
    type: 'jwt',
    jwt: { iss: provider.issuer },
    jwks_uri: provider.jwksUri,
  });
  const jwt = { iss: provider.issuer };
  await app.put('/fhir/AccessPolicy/clinical', {
    engine: 'matcho',
    matcho: { jwt, params: { 'resource/type': { $enum: TYPES } } },
  });
  await app.put('/fhir/AccessPolicy/transactions', {
    engine: 'matcho',
    matcho: { jwt, operation: { id: 'FhirTransaction' } },
  });
  return {
    app,
    fhirUrl: `${app.baseUrl}/fhir`,
    token: await provider.clientCredentialsToken('jwt'),
    stop: async () => {
      await app.stop();
      await provider.stop();
    },
  };
}

/** An Observation with a code by which a test finds its own. */
export function observation(code: string, elements: object = {}): Resource {
  return {
    resourceType: 'Observation',
    status: 'final',
    code: { coding: [{ system: 'urn:clients', code }] },
    ...elements,
  };
}

/** A transaction that creates a Patient and an Observation of it. */
export function patientWithObservation(family: string): Resource {
  return {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [
      {
        fullUrl: 'urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0',
        resource: { resourceType: 'Patient', name: [{ family }] },
        request: { method: 'POST', url: 'Patient' },
      },
      {
        resource: observation(family, {
          subject: { reference: 'urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0' },
        }),
        request: { method: 'POST', url: 'Observation' },
      },
    ],
  };
}
