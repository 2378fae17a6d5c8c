import type { FakeUpstream } from './fake-upstream.js';
import type { Reply } from './test-app.js';

/** By which the upstream names itself. */
export const UPSTREAM_BASE = 'http://up.example/fhir';
export const PATIENT = { resourceType: 'Patient', id: 'p1' };
/** What nobody asked for. */
export const SECRET = { resourceType: 'Person', id: 'p1', gender: 'unknown' };
export const OUTCOME = { resourceType: 'OperationOutcome', issue: [] };
/** An entry that a search for it includes. */
export const INCLUDED = { resource: PATIENT, search: { mode: 'include' } };

/** An entry that meets a search. */
export function matched(id: string): object {
  return { resource: { resourceType: 'Observation', id }, search: { mode: 'match' } };
}

/** Links by which an upstream says what it has searched by. */
export function selfLinks(query = 'patient=p1'): readonly object[] {
  return [{ relation: 'self', url: `${UPSTREAM_BASE}/Observation?${query}` }];
}

/** The answer to a search by a patient. */
export function searchset(more: object = {}): object {
  return { resourceType: 'Bundle', type: 'searchset', link: selfLinks(), ...more };
}

/** Has an upstream answer with these bytes. */
export function answerBytes(
  upstream: FakeUpstream,
  bytes: string | Buffer,
  headers: Readonly<Record<string, string>> = {},
): void {
  upstream.answerWith((_request, response) =>
    response.writeHead(200, { 'content-type': 'application/fhir+json', ...headers }).end(bytes),
  );
}

/** Fails the test unless an answer was refused that was not asked for, and nothing is told of it. */
export function expectRefused({ status, json, text }: Reply, why: string): void {
  expect(status).toBe(502);
  expect(json).toMatchObject({
    resourceType: 'OperationOutcome',
    issue: [{ diagnostics: expect.stringContaining(why) as unknown }],
  });
  expect(text).not.toContain('unknown');
}
