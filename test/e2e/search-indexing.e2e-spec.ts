import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../../src/database/data-source.js';
import { r4SearchDefinitions } from '../../src/fhir/definitions/r4-search-definitions.js';
import { SearchIndex } from '../../src/interactions/search/index/search-index.js';
import { SearchIndexing } from '../../src/interactions/search/index/search-indexing.js';
import { idsFound } from '../support/synthea.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { until } from '../support/until.js';

const RESOURCES = 250;

describe('indexing what was stored before', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let app: TestApp | undefined;

  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = new DataSource(dataSourceOptions({ url: database.url }, { poolSize: 3 }));
    await dataSource.initialize();
    await dataSource.query(
      `INSERT INTO clinical_resource
         (resource_type, id, version_id, created_at, last_updated, method, resource)
       SELECT 'Patient', 'p' || n, 1, now(), now(), 'PUT',
              jsonb_build_object('resourceType', 'Patient', 'id', 'p' || n, 'active', n % 2 = 0)
         FROM generate_series(1, ${RESOURCES}) AS n`,
    );
  });
  afterEach(async () => {
    await app?.stop();
    app = undefined;
  });
  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  const start = async (baseUrl = 'https://one.example') => {
    app = await startTestApp({ BOX_WEB_BASE_URL: baseUrl }, database);
    return app;
  };
  const progress = async () => {
    const rows: { definitions: string; is_complete: boolean }[] = await dataSource.query(
      'SELECT definitions, is_complete FROM search_progress',
    );
    return rows[0];
  };
  const searched = (at: TestApp) =>
    until(200, () => at.call('GET', '/fhir/Patient?active=true', { asRoot: true }));
  const even = Array.from({ length: RESOURCES / 2 }, (_, n) => `p${2 * n + 2}`).sort();

  it('refuses searches until it is done, then finds everything', async () => {
    const holder = dataSource.createQueryRunner();
    await holder.startTransaction();
    await holder.query('SELECT pg_advisory_xact_lock(7265143110)');
    const waiting = await start();
    const refused = await waiting.call('GET', '/fhir/Patient?active=true', { asRoot: true });
    const read = await waiting.call('GET', '/fhir/Patient/p1', { asRoot: true });
    await waiting.put('/fhir/Patient/new', { resourceType: 'Patient', active: true });
    await holder.rollbackTransaction();
    await holder.release();

    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('5');
    expect(read.status).toBe(200);
    await searched(waiting);
    expect([...(await idsFound(waiting, '/fhir/Patient?active=true&_count=1000'))].sort()).toEqual(
      ['new', ...even].sort(),
    );
    expect(await progress()).toMatchObject({ is_complete: true });
  });

  it('is not done again at the next start', async () => {
    await dataSource.query('DELETE FROM search_token');
    const again = await start();

    expect(await idsFound(again, '/fhir/Patient?active=true&_count=1000')).toEqual([]);
  });

  it('does not make an instance wait that starts while others look', async () => {
    const holder = dataSource.createQueryRunner();
    await holder.startTransaction();
    await holder.query('SELECT pg_advisory_xact_lock(7265143110)');
    const started = await start();
    const reply = await started.call('GET', '/fhir/Patient?active=true', { asRoot: true });
    await holder.rollbackTransaction();
    await holder.release();

    expect(reply.status).toBe(200);
  });

  it('is done again when other references lead here', async () => {
    const find = (at: TestApp) => idsFound(at, '/fhir/Flag?patient=Patient/p1');
    const one = await start();
    await one.put('/fhir/Flag/f1', {
      resourceType: 'Flag',
      status: 'active',
      code: { text: 'x' },
      subject: { reference: 'https://two.example/fhir/Patient/p1' },
    });
    expect(await find(one)).toEqual([]);
    await one.stop();

    const two = await start('https://two.example');
    await searched(two);
    expect(await find(two)).toEqual(['f1']);
  });

  it('is left to instances of the version that took it over', async () => {
    const old = await start();
    await searched(old);
    const own = (await progress())?.definitions ?? '';
    const take = (definitions: string, isComplete = true) =>
      dataSource.query('UPDATE search_progress SET definitions = $1, is_complete = $2', [
        definitions,
        isComplete,
      ]);
    const find = async () =>
      (await old.call('GET', '/fhir/Patient?_id=p1', { asRoot: true })).status;
    const write = async (active: boolean) =>
      old.call('PUT', '/fhir/Patient/p1', {
        asRoot: true,
        body: { resourceType: 'Patient', id: 'p1', active },
      });

    await take('others-1');
    const refused = await write(true);
    const read = await old.call('GET', '/fhir/Patient/p1', { asRoot: true });
    expect([refused.status, await find(), read.status]).toEqual([503, 503, 200]);
    expect(refused.headers.get('retry-after')).toBe('5');
    expect(read.json).toMatchObject({ active: false });

    await take(own, false);
    expect([(await write(false)).status, await find()]).toEqual([200, 503]);
    await take(own);
    expect([(await write(false)).status, await find()]).toEqual([200, 200]);
  });

  it('is not taken back by an instance that had begun', async () => {
    const index = new SearchIndex(r4SearchDefinitions(), 'https://begun.example/fhir');
    const indexing = new SearchIndexing(dataSource, index);
    await indexing.start();
    const holder = dataSource.createQueryRunner();
    await holder.startTransaction();
    await holder.query('SELECT pg_advisory_xact_lock(7265143110)');
    await dataSource.query(
      `UPDATE search_progress SET definitions = 'others-1', is_complete = true`,
    );
    await holder.rollbackTransaction();
    await holder.release();
    await indexing.completed();

    expect(await progress()).toEqual({ definitions: 'others-1', is_complete: true });
  });

  it('waits for writers who index otherwise, and tries again', async () => {
    const writer = dataSource.createQueryRunner();
    await writer.startTransaction();
    await writer.query('SELECT pg_advisory_xact_lock_shared(7265143111)');
    await dataSource.query(`UPDATE search_progress SET definitions = 'others-2'`);
    const waiting = await start();
    const refused = await waiting.call('GET', '/fhir/Patient?_id=p1', { asRoot: true });
    const untouched = await progress();
    await writer.rollbackTransaction();
    await writer.release();

    expect(refused.status).toBe(503);
    expect(untouched).toMatchObject({ definitions: 'others-2' });
    await searched(waiting);
  });

  it('is done again when the definitions are others, and goes on where it was', async () => {
    await dataSource.query(`UPDATE search_progress SET definitions = 'others'`);
    const anew = await start();
    await searched(anew);

    const found = await idsFound(anew, '/fhir/Patient?active=true&_count=1000');
    expect([...found].sort()).toEqual(['new', ...even].sort());
    const tokens: { count: string }[] = await dataSource.query(
      'SELECT count(*) AS count FROM (SELECT search_key, slot FROM search_token GROUP BY 1, 2 HAVING count(*) > 1) AS twice',
    );
    expect(tokens[0]?.count).toBe('0');
  });
});
