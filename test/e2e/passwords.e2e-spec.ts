import { DataSource } from 'typeorm';
import type { ParsedBody } from '../../src/interactions/formats/json.js';
import type { WriteContext } from '../../src/interactions/resource-rules.js';
import { UnitOfWork } from '../../src/interactions/storage/unit-of-work.js';
import { SystemResourceRules } from '../../src/resources/definition/system-resource-rules.js';
import { verifyPassword } from '../../src/resources/user/password.js';
import { startTestApp, type Reply, type TestApp } from '../support/test-app.js';

const JSON_PATCH = { 'content-type': 'application/json-patch+json' };
const password = 'correct horse battery staple';
const put = (resource: object) => ({
  resource: { resourceType: 'User', ...resource },
  request: { method: 'PUT', url: 'User/ada' },
});
const bundle = (type: string) => ({ resourceType: 'Bundle', type, entry: [put({ password })] });
const patchEntry = {
  resource: {
    resourceType: 'Binary',
    contentType: 'application/json-patch+json',
    data: Buffer.from(JSON.stringify([{ op: 'add', path: '/password', value: password }])).toString(
      'base64',
    ),
  },
  request: { method: 'PATCH', url: 'User/ada' },
};

describe('the password of a User', () => {
  let app: TestApp;
  /** What was seen while a transaction was open. */
  let inTransaction: string[] = [];
  const { prepare, accept } = SystemResourceRules.prototype;

  beforeAll(async () => {
    app = await startTestApp();
    let isOpen = false;
    const unitOfWork = app.nest.get(UnitOfWork);
    const run = unitOfWork.run.bind(unitOfWork);
    unitOfWork.run = (work) =>
      run(async (transaction) => {
        isOpen = true;
        return work(transaction).finally(() => (isOpen = false));
      });
    SystemResourceRules.prototype.prepare = async function (body: ParsedBody) {
      const prepared = await prepare.call(this, body);
      if (isOpen && prepared !== body) inTransaction.push('hashed');
      return prepared;
    };
    SystemResourceRules.prototype.accept = function (body: ParsedBody, context: WriteContext) {
      if (body.text.includes(password)) inTransaction.push('in clear');
      return accept.call(this, body, context);
    };
  });
  beforeEach(async () => {
    await app.put('/fhir/User/ada', {});
    inTransaction = [];
  });
  afterAll(async () => {
    Object.assign(SystemResourceRules.prototype, { prepare, accept });
    await app.stop();
  });

  const send = (method: string, path: string, body: object, headers = {}): Promise<Reply> =>
    app.call(method, path, { asRoot: true, body, headers });
  const storedPassword = async (): Promise<string> => {
    const rows: { secrets: Record<string, string> }[] = await app.nest
      .get(DataSource)
      .query(`SELECT secrets FROM "user" WHERE id = 'ada'`);
    return rows[0]?.secrets['/password'] ?? '';
  };

  it.each([
    ['an update', () => send('PUT', '/fhir/User/ada', { password })],
    ['a merge patch', () => send('PATCH', '/fhir/User/ada', { password })],
    [
      'a JSON Patch',
      () =>
        send(
          'PATCH',
          '/fhir/User/ada',
          [{ op: 'add', path: '/password', value: password }],
          JSON_PATCH,
        ),
    ],
    ['a batch', () => send('POST', '/fhir', bundle('batch'))],
    ['a transaction', () => send('POST', '/fhir', bundle('transaction'))],
    [
      'a patch in a transaction',
      () => send('POST', '/fhir', { ...bundle('transaction'), entry: [patchEntry] }),
    ],
  ])('is hashed before the transaction of %s', async (_what, write) => {
    const reply = await write();

    expect(reply.text).not.toContain(password);
    expect(reply.status).toBe(200);
    expect(inTransaction).toEqual([]);
    await expect(verifyPassword(password, await storedPassword())).resolves.toBe(true);
  });

  it('is hashed before the transaction of a create', async () => {
    const reply = await send('POST', '/fhir/User', { password });

    expect(reply.status).toBe(201);
    expect(inTransaction).toEqual([]);
  });

  it.each([
    ['too short', 'short'],
    ['too long', 'x'.repeat(1025)],
    ['like a hash that is none', '$s0$f0801$nonsense'],
  ])('is refused as before when it is %s', async (_what, value) => {
    const reply = await send('PUT', '/fhir/User/ada', { password: value });

    expect(reply.status).toBe(422);
    expect(reply.text).toContain('User.password');
  });
});
