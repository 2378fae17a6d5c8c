import { createHash } from 'node:crypto';
import { DatabaseOwner } from '../support/policy-role.js';
import { basic, startTestApp, type Reply, type TestApp } from '../support/test-app.js';

const ENDLESS =
  'WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT 1 - n FROM r) SELECT count(*) > 0 FROM r';
const READER = { authorization: basic('reader', 'hidden-1') };

describe('attacks on policies with engine sql', () => {
  let app: TestApp;
  let owner: DatabaseOwner;

  beforeAll(async () => {
    app = await startTestApp();
    owner = new DatabaseOwner(app.database.url);
    await owner.open();
    await app.put('/Client/reader', { secret: 'hidden-1', grant_types: ['basic'] });
    await app.put('/User/shown-user', { password: 'hidden-2', displayName: 'shown' });
    await app.put('/TokenIntrospector/t', {
      type: 'jwt',
      jwt: { iss: 'https://shown.example', secret: 'hidden-3-of-some-length-that-is-enough' },
    });
    await app.put('/IdentityProvider/i', {
      title: 'shown',
      client: { id: 'shown', secret: 'hidden-4' },
    });
    await app.put('/fhir/Patient/p1', { resourceType: 'Patient' });
  });
  afterAll(async () => {
    await owner.close();
    await app.stop();
  });

  const write = (query: string) =>
    app.put('/AccessPolicy/tried', {
      engine: 'sql',
      sql: { query },
      link: [{ reference: 'Client/reader' }],
    });
  const read = (path: string): Promise<Reply> => app.call('GET', path, { headers: READER });
  const statusOf = async (path: string): Promise<number> => (await read(path)).status;

  it.each([
    `'; DROP TABLE "user"; --`,
    `' OR 'a' = 'a`,
    String.raw`\\'; --`,
    '$1 $2::text',
    '$$ $tag$',
    '{{user.id}} {{!params.type}}',
    '\u2019\u02bc\uff07',
    '\u{1f600} \u202e \ufeff',
    '/* -- */ "',
  ])('binds %j as it is', async (value) => {
    const digest = createHash('md5').update(value).digest('hex');
    await write(`SELECT md5({{params.name}}) = '${digest}'`);

    expect(await statusOf(`/fhir/Patient?name=${encodeURIComponent(value)}`)).toBe(200);
    expect(await statusOf(`/fhir/Patient?name=${encodeURIComponent(`${value}x`)}`)).toBe(403);
  });

  it.each(['%00', 'a%00b', '%ff', '%ed%a0%80'])('grants nothing for %s', async (value) => {
    await write('SELECT {{params.name}} IS NOT NULL');

    expect(await statusOf('/fhir/Patient?name=a')).toBe(200);
    expect([400, 403]).toContain(await statusOf(`/fhir/Patient?name=${value}`));
  });

  it.each(['client', '"user"', 'tokenintrospector', 'identityprovider', 'accesspolicy'])(
    'finds no secret in %s',
    async (relation) => {
      const found = (what: string) =>
        write(`SELECT count(*) FROM ${relation} x WHERE x.resource::text LIKE '%${what}%'`);

      await found(`"i' || 'd": "`);
      expect(await statusOf('/fhir/Patient/p1')).toBe(200);
      // Written in two parts, so that a policy does not find itself.
      for (const secret of ['hid%den-', '__sha%256:', '$s0%$']) {
        await found(secret.replace('%', `' || '`));
        expect(await statusOf('/fhir/Patient/p1')).toBe(403);
      }
    },
  );

  it('serves everybody else while 200 requests wait for slow policies', async () => {
    await write(ENDLESS);
    const slow = Array.from({ length: 200 }, () => statusOf('/fhir/Patient/p1'));
    const others: number[] = [];
    const atWork: number[] = [];
    for (let round = 0; round < 10; round += 1) {
      others.push((await app.call('GET', '/fhir/Patient/p1', { asRoot: true })).status);
      atWork.push(await owner.statementsAtWork());
    }

    expect(new Set(others)).toEqual(new Set([200]));
    expect(new Set(await Promise.all(slow))).toEqual(new Set([403]));
    expect(Math.max(...atWork)).toBeLessThanOrEqual(4);

    await write('SELECT true');
    expect(await statusOf('/fhir/Patient/p1')).toBe(200);
  });
});
