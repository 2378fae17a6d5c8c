import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { conditionalPatients, idOf, MERGE, SYSTEM } from '../support/conditional-patients.js';
import { startTestApp, type Reply, type TestApp } from '../support/test-app.js';

let app: TestApp;
const { patient, root, created, ids, next } = conditionalPatients(() => app);
/** Number of the test. */
let names: number;
/** Picks the Patients of one test. */
let criteria: string;

beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());
beforeEach(() => {
  ({ test: names, criteria } = next());
});

const byCriteria = (method: string, body?: unknown, headers = {}): Promise<Reply> =>
  root(method, `/fhir/Patient?${criteria}`, body, headers);

const matched = (reply: Reply): unknown => ({
  status: reply.status,
  id: (reply.json as { id?: string } | undefined)?.id,
});

describe('a conditional create', () => {
  const create = (condition = criteria) =>
    root('POST', '/fhir/Patient', patient(), { 'if-none-exist': condition });

  it('creates what is not there, and answers what is', async () => {
    const first = await create();
    const again = await create(`?${criteria}`);

    expect(first.status).toBe(201);
    expect(matched(again)).toEqual({ status: 200, id: idOf(first) });
    expect(again.headers.get('etag')).toBe('W/"1"');
    expect(again.headers.get('location')).toBe(first.headers.get('location'));
    expect(await ids()).toEqual([idOf(first)]);
  });

  it('is 412 when several are there', async () => {
    await created();
    await created();

    expect((await create()).status).toBe(412);
    expect(await ids()).toHaveLength(2);
  });

  it.each(['', 'identifier=', 'unknown=1', '_count=1', 'given'])(
    'refuses a condition that picks nothing: %j',
    async (condition) => {
      expect((await create(condition)).status).toBe(400);
      expect(await ids()).toEqual([]);
    },
  );

  it('creates once, however many ask at the same time', async () => {
    const replies = await Promise.all(Array.from({ length: 20 }, () => create()));

    const statuses = replies.map(({ status }) => status).sort();
    expect(statuses).toEqual([...Array.from({ length: 19 }, () => 200), 201]);
    expect(await ids()).toHaveLength(1);
  });
});

describe('a conditional update', () => {
  it('creates what nothing matches, and replaces the one that matches', async () => {
    const first = await byCriteria('PUT', patient({ active: true }));
    const second = await byCriteria('PUT', patient({ active: false }));

    expect(first.status).toBe(201);
    expect(matched(second)).toEqual({ status: 200, id: idOf(first) });
    expect(second.json).toMatchObject({ active: false, meta: { versionId: '2' } });
    expect(await ids()).toEqual([idOf(first)]);
  });

  it('is 412 when several match, and changes none', async () => {
    await created();
    await created();

    expect((await byCriteria('PUT', patient({ active: true }))).status).toBe(412);
    expect((await root('GET', `/fhir/Patient?${criteria}&active=true`)).json).toMatchObject({
      total: 0,
    });
  });

  it('takes the id of the one that matches, and no other', async () => {
    const id = idOf(await created());

    expect((await byCriteria('PUT', patient({ id }))).status).toBe(200);
    expect((await byCriteria('PUT', patient({ id: 'another' }))).status).toBe(400);
  });

  it('creates under the id that it brings, never in place of what did not match', async () => {
    const other = `other-${names}`;
    await root('PUT', `/fhir/Patient/${other}`, { resourceType: 'Patient', id: other });

    expect((await byCriteria('PUT', patient({ id: other }))).status).toBe(409);
    expect(await ids()).toEqual([]);
    const mine = await byCriteria('PUT', patient({ id: `mine-${names}` }));
    expect(matched(mine)).toEqual({ status: 201, id: `mine-${names}` });
  });

  it('never overwrites what no longer matches once it may be written', async () => {
    const id = `moved-${names}`;
    await root('PUT', `/fhir/Patient/${id}`, patient({ id }));
    const moved = { resourceType: 'Patient', id, identifier: [{ system: SYSTEM, value: 'moved' }] };
    const entry = [
      { resource: moved, request: { method: 'PUT', url: `Patient/${id}` } },
      ...Array.from({ length: 300 }, () => ({
        resource: { resourceType: 'Basic', code: { text: 'x' } },
        request: { method: 'POST', url: 'Basic' },
      })),
    ];
    const bundle = { resourceType: 'Bundle', type: 'transaction', entry };
    const moving = root('POST', '/fhir', bundle);
    const replies = [];
    for (let turn = 0; turn < 20; turn += 1) {
      replies.push(byCriteria('PUT', patient({ active: true })));
      await delay(25);
    }

    expect((await moving).status).toBe(200);
    for (const { status } of await Promise.all(replies)) expect([200, 201, 412]).toContain(status);
    const { json } = await root('GET', `/fhir/Patient/${id}`);
    expect(json).toMatchObject({ identifier: moved.identifier });
  });

  it('holds to If-Match', async () => {
    await created();

    const stale = await byCriteria('PUT', patient(), { 'if-match': 'W/"7"' });
    expect(stale.status).toBe(412);
    expect((await byCriteria('PUT', patient(), { 'if-match': 'W/"1"' })).status).toBe(200);
  });

  it.each(['', '?', '?_format=json', '?nothing=1', '?_include=Patient:link'])(
    'needs criteria that pick one: %j',
    async (query) => {
      expect((await root('PUT', `/fhir/Patient${query}`, patient())).status).toBe(400);
    },
  );

  it('answers as Prefer asks', async () => {
    const minimal = await byCriteria('PUT', patient(), { prefer: 'return=minimal' });
    expect([minimal.status, minimal.text]).toEqual([201, '']);
    const outcome = await byCriteria('PUT', patient(), { prefer: 'return=OperationOutcome' });
    expect(outcome.json).toMatchObject({ resourceType: 'OperationOutcome' });
  });
});

describe('a conditional patch', () => {
  it('changes the one that matches', async () => {
    const id = idOf(await created());
    const reply = await byCriteria('PATCH', { active: true }, MERGE);

    expect(matched(reply)).toEqual({ status: 200, id });
    expect(reply.json).toMatchObject({ active: true });
  });

  it('is 404 when none matches, and 412 when several do', async () => {
    expect((await byCriteria('PATCH', { active: true }, MERGE)).status).toBe(404);
    await created();
    await created();
    expect((await byCriteria('PATCH', { active: true }, MERGE)).status).toBe(412);
  });
});

describe('a conditional delete', () => {
  it('deletes the one that matches, and is done when none does', async () => {
    const id = idOf(await created());

    expect((await byCriteria('DELETE')).status).toBe(200);
    expect((await root('GET', `/fhir/Patient/${id}`)).status).toBe(410);
    expect((await byCriteria('DELETE')).status).toBe(204);
  });

  it('is 412 when several match, and deletes none', async () => {
    await created();
    await created();

    expect((await byCriteria('DELETE')).status).toBe(412);
    expect(await ids()).toHaveLength(2);
  });
});
