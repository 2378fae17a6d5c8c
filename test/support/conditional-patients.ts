import type { Reply, TestApp } from './test-app.js';

/** The system of the identifiers by which Patients are picked. */
export const SYSTEM = 'urn:conditional';

/** Content-Type of a merge patch. */
export const MERGE = { 'content-type': 'application/merge-patch+json' };

/** The id of the resource that was answered. */
export const idOf = ({ json }: Reply): string => (json as { id: string }).id;

/** What the tests of one file do with their Patients. */
interface Patients {
  readonly patient: (elements?: object) => object;
  readonly root: (method: string, path: string, body?: unknown, headers?: object) => Promise<Reply>;
  readonly created: (elements?: object) => Promise<Reply>;
  /** Ids of the Patients that the test has made, in order. */
  readonly ids: () => Promise<readonly string[]>;
  /** Begins another test, and tells its number and what picks its Patients. */
  readonly next: () => { readonly test: number; readonly criteria: string };
}

/** Patients of one test at a time, which criteria pick and those of the others do not. */
export function conditionalPatients(app: () => TestApp): Patients {
  let test = 0;
  const criteria = () => `identifier=${SYSTEM}|${test}`;
  const patient = (elements: object = {}): object => ({
    resourceType: 'Patient',
    identifier: [{ system: SYSTEM, value: String(test) }],
    ...elements,
  });
  const root = (method: string, path: string, body?: unknown, headers = {}): Promise<Reply> => {
    const content = body === undefined ? {} : { body };
    return app().call(method, path, { asRoot: true, headers, ...content });
  };
  return {
    patient,
    root,
    created: (elements: object = {}) => root('POST', '/fhir/Patient', patient(elements)),
    ids: async () => {
      const { json } = await root('GET', `/fhir/Patient?${criteria()}`);
      const { entry = [] } = json as { entry?: { resource: { id: string } }[] };
      return entry.map(({ resource }) => resource.id).sort();
    },
    next: () => {
      test += 1;
      return { test, criteria: criteria() };
    },
  };
}
