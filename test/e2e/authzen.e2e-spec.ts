import { as, setAuthzenScene } from '../support/authzen.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const USER = { type: 'user', id: 'alice' };
const READ = { name: 'FhirRead' };
const PATIENT = { type: 'Patient', id: 'p1' };

describe('an evaluation of AuthZEN', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await startTestApp();
    await setAuthzenScene(app);
  });
  afterAll(async () => {
    await app.stop();
  });

  const post = (path: string, body: unknown, headers: Readonly<Record<string, string>> = {}) =>
    app.call('POST', path, { body, headers: { ...as('pep'), ...headers } });
  const ask = async (question: object) => {
    const body = { subject: USER, action: READ, resource: PATIENT, ...question };
    const { status, json } = await post('/access/v1/evaluation', body);
    expect(status).toBe(200);
    return json;
  };
  const denied = (reason: string) => ({ decision: false, context: { reason } });

  describe('decides as the gate would', () => {
    it.each([
      ['FhirRead', 'bob', true],
      ['read', 'bob', true],
      ['GET', 'bob', true],
      ['get', 'bob', true],
      ['FhirUpdate', 'bob', false],
      ['update', 'bob', false],
      ['PUT', 'bob', false],
      ['FhirRead', 'alice', true],
      ['GET', 'alice', true],
      ['FhirVread', 'alice', false],
      ['FhirSearch', 'alice', false],
      ['FhirReadX', 'bob', false],
    ])('%s on Patient/p1 by %s: %s', async (name, id, decision) => {
      const answer = await ask({ subject: { type: 'user', id }, action: { name } });

      expect(answer).toEqual(decision ? { decision } : denied('no-policy'));
    });

    it('on a path', async () => {
      const path = (id: string) =>
        ask({ action: { name: 'GET' }, resource: { type: 'route', id } }) as Promise<object>;

      expect(await path('/fhir/Patient/p1')).toEqual({ decision: true });
      expect(await path('//fhir/Patient/p1?_elements=id')).toEqual({ decision: true });
      expect(await path('/fhir/Patient/p2')).toEqual(denied('no-policy'));
      expect(await path('/fhir/../fhir/Patient/p1')).toEqual(denied('no-policy'));
    });

    it('finds a User by an identifier', async () => {
      const subject = (id: string) => ask({ subject: { type: 'user', id } });

      expect(await subject('https://idp.example|bob-1')).toEqual(denied('subject-unresolved'));
      expect(await subject('https://other.example|alice-1')).toEqual(denied('subject-unresolved'));
      expect(await subject('https://idp.example|alice-1')).toEqual({ decision: true });
    });

    it('knows no more of subjects that are unknown than of those that are inactive', async () => {
      const of = (type: string, id: string) => ask({ subject: { type, id } });

      for (const id of ['gone', 'nobody', '../alice', '__proto__']) {
        expect(await of('user', id)).toEqual(denied('subject-unresolved'));
      }
      for (const id of ['retired', 'nobody', 'alice']) {
        expect(await of('client', id)).toEqual(denied('subject-unresolved'));
      }
      expect(await of('client', 'batch')).toEqual({ decision: true });
      expect(await of('group', 'alice')).toEqual(denied('no-policy'));
    });

    it('takes the claims that the context tells, but no subject and no resource from it', async () => {
      const search = { action: { name: 'FhirSearch' } };
      const iss = 'https://open.example.com';
      const forged = {
        user: { id: 'batch', data: { patient: 'p2' } },
        client: { id: 'batch' },
        role: [{ name: 'nurse' }],
        operation: { id: 'FhirRead' },
        params: { 'resource/id': 'p1' },
        jwt: 'https://open.example.com',
      };

      expect(await ask(search)).toEqual(denied('no-policy'));
      expect(await ask({ ...search, context: { jwt: { iss } } })).toEqual({ decision: true });
      expect(await ask({ ...search, context: forged })).toEqual(denied('no-policy'));
      expect(await ask({ resource: { type: 'Patient', id: 'p2' }, context: forged })).toEqual(
        denied('no-policy'),
      );
    });

    it('with the rules of administration', async () => {
      const context = { jwt: { iss: 'https://open.example.com' } };
      const of = (name: string, type: string) =>
        ask({ action: { name }, resource: { type, id: 'x' }, context });

      expect(await of('FhirUpdate', 'Patient')).toEqual({ decision: true });
      expect(await of('FhirUpdate', 'User')).toEqual(denied('administration'));
      expect(await of('can_edit', 'User')).toEqual(denied('administration'));
      expect(await of('DropCache', 'cache')).toEqual(denied('administrators-only'));
      const batch = { subject: { type: 'client', id: 'batch' }, action: { name: 'DropCache' } };
      expect(await ask(batch)).toEqual({ decision: true });
      expect(await of('FhirCapabilityStatement', 'x')).toEqual({ decision: true });
    });

    it('for other services by what they say only', async () => {
      const question = {
        action: { name: 'FhirRead' },
        resource: { type: 'record', id: 'record-1', properties: { 'resource/type': 'Patient' } },
      };

      expect(await ask({ ...question, subject: { type: 'user', id: 'bob' } })).toEqual(
        denied('no-policy'),
      );
    });
  });

  describe('of several', () => {
    const patient = (id: string) => ({ resource: { type: 'Patient', id } });
    const several = async (ids: readonly string[], semantic?: string) => {
      const options = semantic === undefined ? {} : { options: { evaluations_semantic: semantic } };
      const { json } = await post('/access/v1/evaluations', {
        subject: USER,
        action: READ,
        evaluations: ids.map(patient),
        ...options,
      });
      const { evaluations } = json as { evaluations: readonly { decision: boolean }[] };
      return evaluations.map(({ decision }) => decision);
    };

    it('executes as many as the semantic says', async () => {
      const ids = ['p1', 'p2', 'p1'];

      expect(await several(ids)).toEqual([true, false, true]);
      expect(await several(ids, 'execute_all')).toEqual([true, false, true]);
      expect(await several(ids, 'deny_on_first_deny')).toEqual([true, false]);
      expect(await several(ids, 'permit_on_first_permit')).toEqual([true]);
      expect(await several(['p2', 'p1', 'p1'], 'permit_on_first_permit')).toEqual([false, true]);
      expect(await several(['p1', 'p1'], 'deny_on_first_deny')).toEqual([true, true]);
    });

    it('counts a malformed one as denied', async () => {
      const { json } = await post('/access/v1/evaluations', {
        subject: USER,
        action: READ,
        evaluations: [{}, patient('p1')],
        options: { evaluations_semantic: 'deny_on_first_deny' },
      });

      expect(json).toEqual({
        evaluations: [
          {
            decision: false,
            context: {
              error: { status: 400, message: 'resource must be an object with type and id' },
            },
          },
        ],
      });
    });

    it('refuses a default that would be gone through too often', async () => {
      const asked = {
        subject: { type: 'user', id: 'bob' },
        action: { name: 'write' },
        resource: { type: 'record', id: 'record-1' },
        context: { body: Array.from({ length: 20_000 }, () => 1) },
      };
      const often = (count: number) =>
        post('/access/v1/evaluations', {
          ...asked,
          evaluations: Array.from({ length: count }, () => ({})),
        });

      expect((await often(2)).status).toBe(200);
      expect((await often(60)).status).toBe(400);
    });

    it('does not mix the properties of a default into one that has its own', async () => {
      const write = { action: { name: 'write' }, subject: { type: 'user', id: 'bob' } };
      const { json } = await post('/access/v1/evaluations', {
        ...write,
        subject: { ...write.subject, properties: { role: 'admin' } },
        resource: { type: 'record', id: 'record-1' },
        evaluations: [{}, { subject: { id: 'bob' } }],
      });

      expect(json).toMatchObject({ evaluations: [{ decision: true }, { decision: false }] });
    });

    it('takes a hundred and no more, and no other semantic', async () => {
      const all = (count: number, options = {}) =>
        post('/access/v1/evaluations', {
          subject: USER,
          action: READ,
          evaluations: Array.from({ length: count }, () => patient('p1')),
          ...options,
        });

      expect((await all(100)).status).toBe(200);
      expect((await all(101)).status).toBe(400);
      expect((await all(1, { options: { evaluations_semantic: 'any' } })).status).toBe(400);
      expect((await all(1, { options: 'execute_all' })).status).toBe(400);
      expect((await all(1, { options: { other: 1 } })).status).toBe(200);
    });
  });
});
