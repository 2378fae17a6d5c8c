import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { basic, startTestApp, type Reply, type TestApp } from '../support/test-app.js';
import { accessClaims, secretKey, signJwt } from '../support/token-signer.js';

jest.setTimeout(60_000);

const ISSUER = 'https://issuer.example/decisions';
const SECRET = 'secret of the issuer of decisions';
const AS_TRIAL = { authorization: basic('trial', 'trial-secret') };
const UNKNOWN_ID = '00000000-0000-4000-8000-000000000000';

type Members = Record<string, unknown>;

let app: TestApp;

const token = (sub: string, secret = SECRET): string =>
  signJwt(secretKey(secret), { ...accessClaims(ISSUER), sub });
const requestId = (reply: Reply): string => reply.headers.get('x-request-id') ?? '';
const explained = (reply: Reply): Promise<Reply> =>
  app.call('GET', `/$decision/${requestId(reply)}`, { asRoot: true });

/** All that is remembered of a request; fails the test if that is nothing. */
async function decisionsOn(reply: Reply): Promise<readonly Members[]> {
  const { status, json } = await explained(reply);
  expect(status).toBe(200);
  return json?.['decisions'] as readonly Members[];
}

async function decisionOn(reply: Reply): Promise<Members> {
  const decisions = await decisionsOn(reply);
  expect(decisions).toHaveLength(1);
  return decisions[0] ?? {};
}

beforeAll(async () => {
  app = await startTestApp({ BOX_SECURITY_DEBUG_SU_ENABLE: 'true' });
  await app.put('/Client/trial', { secret: 'trial-secret', grant_types: ['basic'] });
  await app.put('/TokenIntrospector/issuer', { type: 'jwt', jwt: { iss: ISSUER, secret: SECRET } });
  await app.put('/User/nurse-1', { data: { ward: 'w1' } });
  await app.put('/User/gone', { inactive: true });
  await app.put('/Role/nurse-1', { name: 'nurse', user: { reference: 'User/nurse-1' } });
  await app.put('/AccessPolicy/p1-only', {
    engine: 'matcho',
    matcho: {
      client: { id: 'trial' },
      'remote-addr': 'present?',
      params: { 'resource/id': '#^p1$' },
    },
  });
  await app.put('/AccessPolicy/by-nurses', {
    engine: 'matcho',
    roleName: 'nurse',
    matcho: { operation: { id: 'FhirRead' } },
  });
  // So few that none is filed would all be asked.
  for (let number = 1; number <= 12; number += 1) {
    await app.put(`/AccessPolicy/of-app-${number}`, {
      engine: 'matcho',
      matcho: { client: { id: `app-${number}` } },
    });
  }
  await app.put('/AccessPolicy/sketch', { engine: 'allow', status: 'draft' });
  await app.put('/AccessPolicy/trial-asks', {
    engine: 'matcho',
    matcho: {
      client: { id: 'trial' },
      operation: { id: { $enum: ['decision', 'FhirTransaction'] } },
    },
  });
});
afterAll(async () => {
  await app.stop();
});

describe('GET /$decision/{request-id}', () => {
  it('says which path of which policy failed, and why others were not asked', async () => {
    const denied = await app.call('GET', '/fhir/Patient/p2', {
      headers: { ...AS_TRIAL, 'x-request-id': 'my-own-id' },
    });
    const { status, json } = await explained(denied);

    expect(denied.status).toBe(403);
    expect(status).toBe(200);
    expect(json).toMatchObject({ 'request-id': requestId(denied), source: 'memory', total: 1 });
    const [decision] = json?.['decisions'] as Members[];
    expect(decision).toMatchObject({
      ...{ decision: 'deny', policy: null, reason: 'no-policy', 'correlation-id': 'my-own-id' },
      authentication: { scheme: 'basic' },
      ...{ user: null, roles: [], client: 'Client/trial', operation: 'FhirRead' },
      request: {
        'request-method': 'get',
        uri: '/fhir/Patient/p2',
        headers: { authorization: 'Basic [redacted]' },
      },
      considered: [
        {
          ...{ id: 'p1-only', applies: true, 'eval-result': false, reason: 'mismatch' },
          mismatch: { path: ['params', 'resource/id'], expected: '#^p1$', but: 'p2' },
        },
      ],
    });
    expect(decision?.['skipped']).toEqual(
      expect.arrayContaining([
        {
          ...{ id: 'by-nurses', reason: 'demand' },
          unmet: [{ path: ['role', 'name'], expected: ['nurse'], but: null }],
        },
        { id: 'sketch', reason: 'status' },
        {
          ...{ id: 'root-client', reason: 'demand' },
          unmet: [{ path: ['client', 'id'], expected: ['root'], but: 'trial' }],
        },
      ]),
    );
    expect(decision?.['skipped-total']).toBe((decision?.['skipped'] as unknown[]).length);
  });

  it('names the policy that allowed, the introspector, the User and its Roles', async () => {
    const allowed = await app.call('GET', '/fhir/Patient/p2', { token: token('nurse-1') });

    expect(allowed.status).toBe(404);
    expect(await decisionOn(allowed)).toMatchObject({
      ...{ decision: 'allow', policy: 'by-nurses', reason: null },
      authentication: { scheme: 'bearer', introspector: 'TokenIntrospector/issuer' },
      ...{ user: 'User/nurse-1', roles: ['Role/nurse-1'], client: null },
    });
  });

  it('says which introspector refused a token and why', async () => {
    const forged = await app.call('GET', '/fhir/Patient', { token: token('nurse-1', 'another') });

    expect(forged.status).toBe(401);
    expect(await decisionOn(forged)).toMatchObject({
      ...{ decision: 'deny', policy: null, reason: 'authentication' },
      refusal: {
        status: 401,
        refusals: [{ code: 'wrong-signature', introspector: 'TokenIntrospector/issuer' }],
      },
      authentication: { scheme: 'bearer' },
      ...{ user: null, client: null },
    });
  });

  it('names the rule that kept a valid token from a User', async () => {
    const refused = await app.call('GET', '/fhir/Patient', { token: token('gone') });

    expect(refused.status).toBe(401);
    expect(refused.text).not.toContain('inactive');
    expect(await decisionOn(refused)).toMatchObject({
      reason: 'authentication',
      refusal: { status: 401, rule: 'inactive-user', user: 'User/gone' },
    });
  });

  it('tells how far other requests came', async () => {
    const malformed = await app.call('GET', '/fhir/Patient', { headers: { authorization: 'Who' } });
    const wrong = await app.call('GET', '/fhir/Patient', {
      headers: { authorization: basic('trial', 'WR0NG-secret') },
    });
    const unreadable = await app.call('PUT', '/fhir/Patient/p1', {
      headers: { ...AS_TRIAL, 'content-type': 'application/json' },
      body: '{',
    });
    const anonymous = await app.call('GET', '/fhir/Patient');

    expect([malformed.status, wrong.status, unreadable.status]).toEqual([401, 401, 400]);
    expect(anonymous.status).toBe(401);
    expect(await decisionOn(malformed)).toMatchObject({ reason: 'credential' });
    expect(await decisionOn(wrong)).toMatchObject({
      reason: 'authentication',
      authentication: { scheme: 'basic' },
    });
    expect(await decisionOn(unreadable)).toMatchObject({
      reason: 'request',
      authentication: { scheme: 'basic' },
    });
    expect(await decisionOn(anonymous)).toMatchObject({
      reason: 'no-policy',
      authentication: { scheme: null },
    });
  });

  it('is for administrators, whom it remembers too', async () => {
    const denied = await app.call('GET', '/fhir/Patient/p2', { headers: AS_TRIAL });
    const path = `/$decision/${requestId(denied)}`;
    const anonymous = await app.call('GET', path);
    const trial = await app.call('GET', path, { headers: AS_TRIAL });
    const root = await app.call('GET', path, { asRoot: true });

    expect([anonymous.status, trial.status, root.status]).toEqual([401, 403, 200]);
    expect(anonymous.text + trial.text).not.toContain('p1-only');
    expect(await decisionsOn(trial)).toMatchObject([
      { decision: 'allow', policy: 'trial-asks' },
      { decision: 'deny', policy: null, reason: 'administrator' },
    ]);
  });

  it('is 404 for requests that nothing is remembered of, and for what is no id', async () => {
    for (const id of [UNKNOWN_ID, 'nonsense', `${UNKNOWN_ID}0`]) {
      expect([id, (await app.call('GET', `/$decision/${id}`, { asRoot: true })).status]).toEqual([
        id,
        404,
      ]);
    }
  });

  it('shows the administrator behind su', async () => {
    const denied = await app.call('GET', '/fhir/Observation', {
      asRoot: true,
      headers: { su: 'User/nurse-1' },
    });

    expect(denied.status).toBe(403);
    expect(await decisionOn(denied)).toMatchObject({
      authentication: { scheme: 'basic', 'acted-for': 'Client/root' },
      user: 'User/nurse-1',
    });
  });

  it('has every entry of a Bundle', async () => {
    const reply = await app.call('POST', '/fhir', {
      headers: AS_TRIAL,
      body: {
        resourceType: 'Bundle',
        type: 'batch',
        entry: ['Patient/p1', 'Patient/p9'].map((url) => ({ request: { method: 'GET', url } })),
      },
    });

    expect(reply.status).toBe(200);
    expect(await decisionsOn(reply)).toMatchObject([
      { decision: 'allow', policy: 'trial-asks', operation: 'FhirTransaction' },
      { decision: 'allow', policy: 'p1-only', request: { uri: '/fhir/Patient/p1' } },
      { decision: 'deny', policy: null, request: { uri: '/fhir/Patient/p9' } },
    ]);
  });
});
