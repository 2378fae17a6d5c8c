import { as, matcho, setAuthzenScene } from '../support/authzen.js';
import { RecordingLogger } from '../support/recording-logger.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

describe('the Authorization API of AuthZEN is asked', () => {
  let app: TestApp;
  const logger = new RecordingLogger();

  beforeAll(async () => {
    app = await startTestApp({}, undefined, logger);
    await setAuthzenScene(app);
  });
  afterAll(async () => {
    await app.stop();
  });

  const post = (path: string, body: unknown, headers: Readonly<Record<string, string>> = {}) =>
    app.call('POST', path, { body, headers: { ...as('pep'), ...headers } });
  const question = {
    subject: { type: 'user', id: 'alice' },
    action: { name: 'FhirRead' },
    resource: { type: 'Patient', id: 'p1' },
  };

  it('by those whom a policy that speaks of administration allows, and nobody else', async () => {
    for (const path of ['/access/v1/evaluation', '/access/v1/evaluations']) {
      expect((await post(path, question)).status).toBe(200);
      expect((await post(path, question, as('stranger'))).status).toBe(403);
      expect((await app.call('POST', path, { body: question })).status).toBe(401);
      await app.put('/AccessPolicy/all', matcho({ 'request-method': 'post' }));
      expect((await post(path, question, as('stranger'))).status).toBe(403);
      await app.call('DELETE', '/AccessPolicy/all', { asRoot: true });
    }
  });

  it('by nobody who does not say who they are, whatever policies say', async () => {
    const policy = matcho({ operation: { id: 'AccessEvaluation' } });
    await app.put('/AccessPolicy/everybody-asks', policy);
    const anonymous = await app.call('POST', '/access/v1/evaluation', { body: question });
    const stranger = await post('/access/v1/evaluation', question, as('stranger'));
    await app.call('DELETE', '/AccessPolicy/everybody-asks', { asRoot: true });

    expect([anonymous.status, stranger.status]).toEqual([401, 200]);
  });

  it('with JSON, and with 400 for anything else', async () => {
    const as400 = async (body: unknown, type: string) =>
      (await post('/access/v1/evaluation', body, { 'content-type': type })).status;
    const text = JSON.stringify(question);

    expect(await as400(text, 'application/json; charset=utf-8')).toBe(200);
    for (const type of ['text/plain', 'text/yaml', 'application/fhir+json', 'text/csv']) {
      expect([type, await as400(text, type)]).toEqual([type, 400]);
    }
    expect(await as400('{"subject":', 'application/json')).toBe(400);
    expect(await as400('', 'application/json')).toBe(400);
    expect((await post('/access/v1/evaluation?x=1', question)).status).toBe(400);
  });

  it('and answers the request id of the caller beside its own', async () => {
    const id = 'bfe9eb29-ab87-4ca3-be83-a1d5d8305716';
    const ids = async (path: string, headers: Readonly<Record<string, string>>) => {
      const reply = await post(path, question, headers);
      return ['x-request-id', 'wardgate-request-id'].map((name) => reply.headers.get(name));
    };
    const own = expect.stringMatching(/^[0-9a-f-]{36}$/);
    const sent = { 'x-request-id': id };

    expect(await ids('/access/v1/evaluation', sent)).toEqual([id, own]);
    expect(await ids('//access/v1/evaluations', sent)).toEqual([id, own]);
    expect(await ids('/access/v1/evaluation', { ...sent, ...as('stranger') })).toEqual([id, own]);
    expect((await ids('/access/v1/evaluation', sent))[1]).not.toBe(id);
    expect(await ids('/access/v1/evaluation', {})).toEqual([own, null]);
    expect(await ids('/access/v1/evaluation', { 'x-request-id': 'a b' })).toEqual([own, null]);
    const elsewhere = await ids('/fhir/Patient', sent);
    expect(elsewhere).toEqual([own, null]);
    expect(elsewhere[0]).not.toBe(id);
  });

  it('and logs who asked about whom, without what else was told', async () => {
    const context = { jwt: { note: 'told-in-confidence' } };
    await post('/access/v1/evaluation', { ...question, context });

    const text = logger.lines.join('\n');
    expect(text).toContain("subject: 'user/alice'");
    expect(text).not.toContain('told-in-confidence');
  });
});
