import { RecordingLogger } from '../support/recording-logger.js';
import { basic, startTestApp, type TestApp } from '../support/test-app.js';

async function prepare(app: TestApp): Promise<void> {
  await app.put('/Client/trial', { secret: 'trial-secret', grant_types: ['basic'] });
  await app.put('/AccessPolicy/trial', {
    engine: 'matcho',
    matcho: { client: { id: 'trial' }, params: { 'resource/type': 'Patient' } },
  });
  await app.put('/User/u1', { userName: 'u1' });
  await app.put('/Role/nurse', { name: 'nurse', user: { reference: 'User/u1' } });
  await app.put('/AccessPolicy/nurses', {
    engine: 'matcho',
    roleName: 'nurse',
    matcho: { user: { id: 'u1' }, params: { 'resource/type': 'Observation' } },
  });
  await app.put('/User/sleeper', { inactive: true });
  await app.put('/Client/sleeper', { active: false });
  await app.put('/User/twin', { userName: 'twin' });
  await app.put('/Client/twin', { description: 'has the id of a User' });
  await app.put('/User/chief', { userName: 'chief' });
  await app.put('/AccessPolicy/chief', { engine: 'allow', link: [{ reference: 'User/chief' }] });
  await app.put('/AccessPolicy/sees-su', {
    engine: 'matcho',
    matcho: { headers: { su: 'present?' } },
  });
}

describe('su', () => {
  const logger = new RecordingLogger();
  let app: TestApp;

  beforeAll(async () => {
    app = await startTestApp({ BOX_SECURITY_DEBUG_SU_ENABLE: 'true' }, undefined, logger);
    await prepare(app);
  });
  afterAll(async () => {
    await app.stop();
  });

  const asRoot = (su: string, path: string, method = 'GET', body?: unknown) =>
    app.call(method, path, { asRoot: true, headers: { su }, ...(body ? { body } : {}) });
  const statuses = async (su: string) => [
    (await asRoot(su, '/fhir/Patient')).status,
    (await asRoot(su, '/fhir/Observation')).status,
  ];

  it.each([
    ['trial', [200, 403]],
    ['Client/trial', [200, 403]],
    ['u1', [403, 200]],
    ['User/u1', [403, 200]],
    ['chief', [200, 200]],
  ])('acts as %s, who may do no more and no less', async (su, expected) => {
    expect(await statuses(su)).toEqual(expected);
  });

  it('leaves nothing of the administrator', async () => {
    const policy = { engine: 'allow', link: [{ reference: 'Client/trial' }] };

    expect((await asRoot('trial', '/AccessPolicy/mine', 'PUT', policy)).status).toBe(403);
    expect((await asRoot('trial', '/Operation')).status).toBe(403);
    expect((await asRoot('chief', '/Operation')).status).toBe(200);
  });

  it('is for administrators only', async () => {
    const call = (su: string) =>
      app.call('GET', '/fhir/Patient', {
        headers: { su, authorization: basic('trial', 'trial-secret') },
      });
    const refused = await call('u1');

    expect(refused.status).toBe(403);
    expect(refused.text).toContain('only an administrator');
    // Not even as oneself: who asks learns nothing about ids.
    expect((await call('trial')).status).toBe(403);
    expect((await call('nobody')).status).toBe(403);
    expect((await app.call('GET', '/fhir/Patient', { headers: { su: 'chief' } })).status).toBe(401);
  });

  it.each([
    ['nobody', 404, 'User or Client'],
    ['User/trial', 404, 'User'],
    ['User/sleeper', 403, 'inactive'],
    ['Client/sleeper', 403, 'inactive'],
    ['twin', 400, 'name the type'],
    ['u1, chief', 400, 'one id'],
    ['Role/nurse', 400, 'one id'],
    ['', 400, 'one id'],
  ])('refuses %j with %i', async (su, status, reason) => {
    const reply = await asRoot(su, '/fhir/Patient');

    expect(reply.status).toBe(status);
    expect(reply.text).toContain(reason);
  });

  it('does not show to policies, and takes the type where an id is both', async () => {
    expect((await asRoot('User/twin', '/fhir/Patient')).status).toBe(403);
  });

  it('is logged as a warning: who, as whom, on which request', async () => {
    logger.lines.length = 0;
    const reply = await asRoot('u1', '/fhir/Observation');
    const [line, ...others] = logger.lines.filter((text) => text.includes('Impersonation'));

    expect(line).toContain('Client/root');
    expect(line).toContain('User/u1');
    expect(line).toContain(reply.headers.get('x-request-id'));
    expect(others).toHaveLength(0);
  });
});

describe('su without its setting', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await startTestApp({ BOX_SECURITY_DEV_MODE: 'true' });
    await prepare(app);
  });
  afterAll(async () => {
    await app.stop();
  });

  it('changes nothing', async () => {
    const root = await app.call('GET', '/fhir/Observation', {
      asRoot: true,
      headers: { su: 'trial' },
    });
    const trial = await app.call('GET', '/fhir/Observation', {
      headers: { su: 'chief', authorization: basic('trial', 'trial-secret') },
    });

    expect([root.status, trial.status]).toEqual([200, 403]);
  });
});
