import { startTestApp, type TestApp } from '../support/test-app.js';

const ENDLESS =
  'WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT 1 - n FROM r) SELECT count(*) > 0 FROM r';

describe('policies with engine sql', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await startTestApp({ WARDGATE_SQL_POLICY_TIMEOUT: '300ms' });
    await app.put('/Client/reader', { secret: 'reader-secret', grant_types: ['basic'] });
    await app.put('/Client/other', { secret: 'other-secret', grant_types: ['basic'] });
    await app.put('/fhir/Practitioner/d1', { resourceType: 'Practitioner' });
    await app.put('/fhir/Patient/p1', {
      resourceType: 'Patient',
      active: true,
      generalPractitioner: [{ reference: 'Practitioner/d1' }],
    });
    await app.put('/fhir/Patient/p2', {
      resourceType: 'Patient',
      generalPractitioner: [{ reference: 'Practitioner/d2', display: 'b' }],
    });
    await app.put('/fhir/Observation/o1', {
      resourceType: 'Observation',
      status: 'final',
      code: { text: 'x' },
      subject: { reference: 'Patient/p1/_history/1' },
    });
  });
  afterAll(async () => {
    await app.stop();
  });

  const write = (query: unknown, rest: object = {}) =>
    app.call('PUT', '/AccessPolicy/tried', {
      asRoot: true,
      body: { engine: 'sql', sql: { query }, link: [{ reference: 'Client/reader' }], ...rest },
    });
  const read = (path: string, client = 'reader') =>
    app.call('GET', path, {
      headers: {
        authorization: `Basic ${Buffer.from(`${client}:${client}-secret`).toString('base64')}`,
      },
    });
  const statuses = async (...paths: string[]) => {
    const replies = await Promise.all(paths.map((path) => read(path)));
    return replies.map(({ status }) => status);
  };

  it('decides by what is stored, references in the form of the reference product', async () => {
    const written = await write(`
      SELECT {{client}} IS NOT NULL
         AND {{client.id}} = 'reader'
         AND {{uri}} LIKE '/fhir/Patient/%'
         AND EXISTS (
           SELECT id FROM patient
            WHERE id = {{params.resource/id}}
              AND resource->'generalPractitioner' @> jsonb_build_array(
                    jsonb_build_object('resourceType', 'Practitioner', 'id', {{headers.x-doctor}}::text)));`);
    expect(written.status).toBe(201);
    const asDoctor = (path: string, doctor: string) =>
      app.call('GET', path, {
        headers: {
          'x-doctor': doctor,
          authorization: `Basic ${Buffer.from('reader:reader-secret').toString('base64')}`,
        },
      });

    expect((await asDoctor('/fhir/Patient/p1', 'd1')).status).toBe(200);
    expect((await asDoctor('/fhir/Patient/p2', 'd2')).status).toBe(200);
    expect((await asDoctor('/fhir/Patient/p2', 'd1')).status).toBe(403);
    expect((await asDoctor('/fhir/Patient/p1', `d1' OR 'a' = 'a`)).status).toBe(403);
    expect((await asDoctor('/fhir/Practitioner/d1', 'd1')).status).toBe(403);
    expect((await read('/fhir/Patient/p1')).status).toBe(403);
    expect((await read('/fhir/Patient/p1', 'other')).status).toBe(403);
  });

  it('reads the relation that the request names, and denies for what names none', async () => {
    await write(
      `SELECT {{!params.resource/type}}.status = 'created'
         FROM {{!params.resource/type}} WHERE id = {{params.resource/id}}`,
    );

    await expect(
      statuses(
        '/fhir/Patient/p1',
        '/fhir/Observation/o1',
        '/fhir/Patient/no',
        '/Client/root',
        '/x',
      ),
    ).resolves.toEqual([200, 200, 403, 200, 403]);
  });

  it('shows the columns of the reference product', async () => {
    await write(`
      SELECT o.id = 'o1' AND o.txid = 1 AND o.ts = o.cts AND o.ts <= now() AND o.resource_type = 'Observation'
         AND o.status = 'created' AND o.resource @> '{"subject": {
           "reference": "Patient/p1/_history/1", "resourceType": "Patient", "id": "p1"}}'
        FROM observation o JOIN patient p ON p.id = o.resource#>>'{subject,id}'`);

    await expect(statuses('/fhir/Observation/o1')).resolves.toEqual([200]);
  });

  it.each([
    ['true', 'SELECT true', 200],
    ['a number', 'SELECT 1', 200],
    ['a fraction', 'SELECT 0.5;', 200],
    ['a count', 'SELECT count(*) FROM patient', 200],
    ['VALUES', 'VALUES (true) -- yes', 200],
    ['false', 'SELECT false', 403],
    ['zero', 'SELECT 0', 403],
    ['NULL', 'SELECT NULL::bool', 403],
    ['a text', `SELECT 'true'`, 403],
    ['a text from the request', 'SELECT {{uri}}', 403],
    ['JSON', `SELECT 'true'::jsonb`, 403],
    ['no row', 'SELECT true FROM patient WHERE false', 403],
    ['two rows', 'SELECT true FROM patient', 403],
    ['a missing path', 'SELECT {{user.id}} = {{user.id}}', 403],
    ['a cast that fails', 'SELECT ({{uri}})::int > 0', 403],
    ['a division by zero', 'SELECT 1 / (length({{uri}}) - length({{uri}})) > 0', 403],
  ])('takes %s as its answer', async (_what, query, status) => {
    expect((await write(query)).status).toBeLessThan(300);

    expect((await read('/fhir/Patient/p1')).status).toBe(status);
  });

  it.each([
    ['an unknown column', 'SELECT nothing FROM patient', 'column "nothing" does not exist'],
    [
      'an unknown overload',
      'SELECT lower(1, 2)',
      'function lower(integer, integer) does not exist',
    ],
    ['types that do not fit', 'SELECT id > 1 FROM patient', 'operator does not exist'],
    ['a literal that is none', `SELECT 'x'::int > 0`, 'SQLSTATE 22P02'],
    ['columns of a union', 'SELECT 1 UNION SELECT 1, 2', 'must have the same number of columns'],
    [
      'a function',
      `SELECT set_config('role', 'postgres', false) = ''`,
      'set_config is not allowed',
    ],
    ['a second statement', 'SELECT true; DROP TABLE "user"', 'one statement only'],
  ])('refuses %s when it is written', async (_what, query, message) => {
    const { status, json } = await write(query);

    expect(status).toBe(422);
    expect(json?.['issue']).toEqual([
      expect.objectContaining({
        diagnostics: expect.stringContaining(message) as unknown,
        expression: ['AccessPolicy.sql.query'],
      }),
    ]);
  });

  it('names the place of a statement inside complex, and evaluates it there', async () => {
    const rule = (query: string) => ({ engine: 'sql', sql: { query } });
    const put = (and: object[]) =>
      app.call('PUT', '/AccessPolicy/tried', {
        asRoot: true,
        body: { engine: 'complex', and, link: [{ reference: 'Client/reader' }] },
      });

    const refused = await put([rule('SELECT true'), rule('SELECT nothing')]);
    expect(refused.json?.['issue']).toEqual([
      expect.objectContaining({ expression: ['AccessPolicy.and[1].sql.query'] }),
    ]);

    await put([
      rule('SELECT count(*) FROM patient'),
      { engine: 'matcho', matcho: { uri: '#p1$' } },
    ]);
    await expect(statuses('/fhir/Patient/p1', '/fhir/Patient/p2')).resolves.toEqual([200, 403]);
  });

  it('ends what takes too long, without keeping anybody else waiting', async () => {
    expect((await write(ENDLESS)).status).toBeLessThan(300);

    const slow = Array.from({ length: 60 }, () => read('/fhir/Patient/p1'));
    const others = await Promise.all(
      Array.from({ length: 20 }, () => app.call('GET', '/fhir/Patient/p1', { asRoot: true })),
    );
    expect(new Set(others.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set((await Promise.all(slow)).map(({ status }) => status))).toEqual(new Set([403]));

    await write('SELECT true');
    await expect(statuses('/fhir/Patient/p1')).resolves.toEqual([200]);
  });

  it('does not let one that takes too long stop another', async () => {
    await write('SELECT true');
    await app.put('/AccessPolicy/a-slow-one', {
      engine: 'sql',
      sql: { query: ENDLESS },
      link: [{ reference: 'Client/reader' }],
    });

    await expect(statuses('/fhir/Patient/p1')).resolves.toEqual([200]);
    await app.call('DELETE', '/AccessPolicy/a-slow-one', { asRoot: true });
  });

  it('is tried by test-policy', async () => {
    const trial = async (query: string) => {
      const { json } = await app.call('POST', '/auth/test-policy', {
        asRoot: true,
        body: { request: { uri: '/fhir/Patient/p1' }, policy: { engine: 'sql', sql: { query } } },
      });
      return json?.['result'] ?? json;
    };

    await expect(
      trial("SELECT id = {{params.resource/id}} FROM patient WHERE id = 'p1'"),
    ).resolves.toMatchObject({
      'eval-result': true,
    });
    await expect(trial('SELECT false')).resolves.toMatchObject({ reason: 'mismatch' });
    await expect(trial(ENDLESS)).resolves.toMatchObject({
      reason: 'error',
      error: 'took longer than 300 ms',
    });
    await expect(trial('SELECT pg_sleep(1)')).resolves.toMatchObject({
      issue: [{ expression: ['policy.sql.query'] }],
    });
  });

  it('takes no tests, which would depend on what is stored', async () => {
    const tests = [{ name: 'a', request: { uri: '/x' }, expect: 'deny' }];

    const { status, json } = await write('SELECT false', { tests });

    expect(status).toBe(422);
    expect(json?.['issue']).toEqual([
      expect.objectContaining({ expression: ['AccessPolicy.tests'] }),
    ]);
  });
});
