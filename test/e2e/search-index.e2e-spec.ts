import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../../src/database/data-source.js';
import { idsFound } from '../support/synthea.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

describe('the index', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(async () => {
    await app.stop();
  });

  const find = (query: string) => idsFound(app, `/fhir/Patient?${query}`);

  it('finds what is, and never what was', async () => {
    await app.put('/fhir/Patient/p', { resourceType: 'Patient', name: [{ family: 'One' }] });
    expect(await find('family=one')).toEqual(['p']);

    await app.put('/fhir/Patient/p', { resourceType: 'Patient', name: [{ family: 'Two' }] });
    expect(await find('family=one')).toEqual([]);
    expect(await find('family=two')).toEqual(['p']);

    await app.call('DELETE', '/fhir/Patient/p', { asRoot: true });
    expect(await find('family=two')).toEqual([]);

    await app.put('/fhir/Patient/p', { resourceType: 'Patient', name: [{ family: 'Two' }] });
    expect(await find('family=two')).toEqual(['p']);
  });

  it.each([
    ['family:exact=a,b\\,c', ['comma']],
    ['family:exact=b\\,c', ['comma']],
    ['family=b\\,C', ['comma']],
    ['family=b,c', ['comma']],
    ['identifier=s\\|t|1', ['bar']],
    ['identifier=s|t', []],
    ['family=100%25', ['percent']],
    ['family:contains=%25', ['percent']],
    ['family:contains=_', ['underscore']],
    ['family:exact=x%5C%5Cy', ['backslash']],
    ['family:exact=x%5C$y', ['dollar']],
    ['family=strasse', []],
    ['family=muller', ['umlaut']],
    ['family:exact=muller', []],
    ['family:exact=M%C3%BCller', ['umlaut']],
    [`family=${'l'.repeat(250)}`, ['long']],
    [`family:exact=${'l'.repeat(300)}`, ['long']],
    [`family:exact=${'l'.repeat(299)}`, []],
    [`identifier=${'9'.repeat(300)}`, ['long']],
    [`identifier=${'9'.repeat(299)}`, []],
  ])('reads %s', async (query, ids) => {
    expect(await find(query)).toEqual(ids);
  });

  it('answers no more than it can hold', async () => {
    const dataSource = new DataSource(
      dataSourceOptions({ url: app.clinicalDatabase.url }, { poolSize: 1 }),
    );
    await dataSource.initialize();
    await dataSource.query(
      `INSERT INTO clinical_resource
         (resource_type, id, version_id, created_at, last_updated, method, resource)
       SELECT 'Binary', 'b' || n, 1, now(), now(), 'PUT',
              jsonb_build_object('resourceType', 'Binary', 'id', 'b' || n, 'data',
                (SELECT string_agg(md5(n || 'x' || m), '') FROM generate_series(1, 550000) AS m))
         FROM generate_series(1, 5) AS n`,
    );
    await dataSource.destroy();
    const count = async (wanted: number) =>
      (await app.call('GET', `/fhir/Binary?_count=${wanted}`, { asRoot: true })).status;

    expect(await count(5)).toBe(400);
    expect(await count(2)).toBe(200);
  });

  beforeAll(async () => {
    const families = {
      ...{ comma: 'b,c', percent: '100% x', underscore: 'a_b', backslash: 'x\\y', dollar: 'x$y' },
      ...{ umlaut: 'Müller', long: 'l'.repeat(300) },
    };
    for (const [id, family] of Object.entries(families)) {
      const identifier = id === 'long' ? [{ value: '9'.repeat(300) }] : undefined;
      await app.put(`/fhir/Patient/${id}`, {
        resourceType: 'Patient',
        name: [{ family }],
        ...(identifier ? { identifier } : {}),
      });
    }
    await app.put('/fhir/Patient/bar', {
      resourceType: 'Patient',
      identifier: [{ system: 's|t', value: '1' }],
    });
  });
});
