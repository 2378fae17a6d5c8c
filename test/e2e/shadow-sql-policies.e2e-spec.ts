import { jest } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { RecordingLogger } from '../support/recording-logger.js';
import { basic, startTestApp, type Reply, type TestApp } from '../support/test-app.js';
import { eventually } from '../support/until.js';

// A statement that takes no time must be done within it on a busy machine, too.
const TIMEOUT_MS = 500;
// Statements are waited for until their time is over, several times.
jest.setTimeout(60_000);

const ENDLESS =
  'WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT 1 - n FROM r) SELECT count(*) > 0 FROM r';
const APP = { authorization: basic('app', 'secret-of-the-app') };

describe('policies with SQL that are not active', () => {
  let app: TestApp;
  const logger = new RecordingLogger();

  beforeAll(async () => {
    app = await startTestApp(
      {
        WARDGATE_SQL_POLICY_TIMEOUT: `${TIMEOUT_MS}ms`,
        WARDGATE_SQL_POLICY_POOL_SIZE: '1',
      },
      undefined,
      logger,
    );
    await app.put('/Client/app', { secret: 'secret-of-the-app', grant_types: ['basic'] });
    await app.put('/fhir/Patient/p1', { resourceType: 'Patient' });
  });
  afterAll(async () => {
    await app.stop();
  });

  const read = (path: string): Promise<Reply> => app.call('GET', path, { headers: APP });
  const put = (id: string, query: string, status: string) =>
    app.put(`/AccessPolicy/${id}`, {
      engine: 'sql',
      status,
      sql: { query },
      link: [{ reference: 'Client/app' }],
    });
  const remove = (id: string) => app.call('DELETE', `/AccessPolicy/${id}`, { asRoot: true });
  const metric = async (name: string): Promise<number> => {
    const { text } = await app.call('GET', '/metrics', { asRoot: true });
    const line = text.split('\n').find((one) => one.startsWith(`${name} `));
    return Number(line?.slice(name.length + 1) ?? 0);
  };
  const outcomes = (policy: string, outcome: string) =>
    metric(`wardgate_shadow_policies_total{policy="${policy}",outcome="${outcome}"}`);
  const recordOf = async ({ headers }: Reply): Promise<string> => {
    const id = headers.get('x-request-id') ?? '';
    const found = () => logger.lines.find((line) => line.includes(id) && line.includes('shadows:'));
    await eventually(() => Promise.resolve(found() !== undefined));
    return /shadows: (.*\]) \}/.exec(found() ?? '')?.[1] ?? '';
  };
  const impact = async (id: string) => {
    const { json } = await app.call('GET', `/AccessPolicy/${id}/$impact`, { asRoot: true });
    return json as unknown as Record<string, unknown>;
  };

  it('are evaluated and recorded, and decide nothing', async () => {
    await put('holds', `SELECT {{params.resource/id}} = id FROM patient WHERE id = 'p1'`, 'shadow');
    await put('not', 'SELECT false', 'shadow');
    await put('fails', 'SELECT ({{uri}})::int > 0', 'shadow');
    await put('draft', 'SELECT true', 'draft');

    const [one, other] = [await read('/fhir/Patient/p1'), await read('/fhir/Patient/p2')];
    expect([one.status, other.status]).toEqual([403, 403]);

    const notHolding = (id: string) => `{ policy: '${id}', outcome: 'would-not', at: '' }`;
    const failing = `{ policy: 'fails', outcome: 'error' }`;
    const holding = `{ policy: 'holds', outcome: 'would-allow' }`;
    await expect(recordOf(one)).resolves.toBe(`[ ${failing}, ${holding}, ${notHolding('not')} ]`);
    await expect(recordOf(other)).resolves.toBe(
      `[ ${failing}, ${notHolding('holds')}, ${notHolding('not')} ]`,
    );
    expect(await outcomes('holds', 'would-allow')).toBe(1);
    expect(await outcomes('draft', 'would-allow')).toBe(0);
    await Promise.all(['holds', 'not', 'fails', 'draft'].map(remove));
  });

  it('keep nobody waiting who is decided about by SQL, and pass over what comes too fast', async () => {
    await put('endless', ENDLESS, 'shadow');
    await put('decides', `SELECT {{params.resource/id}} = 'p1'`, 'active');
    const before = await metric('wardgate_shadow_decisions_passed_over_total');

    for (let round = 0; round < 30; round += 1) {
      // A single connection decides; were the shadow to take it, the decision would wait too long and deny.
      expect((await read('/fhir/Patient/p1')).status).toBe(200);
    }

    expect(await metric('wardgate_shadow_decisions_passed_over_total')).toBeGreaterThan(before);
    await eventually(async () => (await outcomes('endless', 'error')) > 0);
    await Promise.all(['endless', 'decides'].map(remove));
  });

  describe('GET /AccessPolicy/{id}/$impact', () => {
    it('says the same whenever it is asked', async () => {
      await put('later', `SELECT {{params.resource/id}} = 'p7'`, 'draft');
      await read('/fhir/Patient/p7');
      await read('/fhir/Patient/p8');

      // What came before may still occupy the one connection.
      await eventually(async () => (await impact('later'))['affected'] === 1);
      // All statements of one decision have ten times what one has.
      await delay(11 * TIMEOUT_MS);
      expect(await impact('later')).toMatchObject({ affected: 1, complete: true });
    });

    it('says when there was no time for all requests', async () => {
      await put('slow', ENDLESS, 'draft');
      for (let round = 0; round < 25; round += 1) await read('/fhir/Patient/p1');

      const { complete, replayed, affected } = await impact('slow');

      expect({ complete, affected }).toEqual({ complete: false, affected: 0 });
      expect(replayed).toBeLessThan(25);
    });

    it('does not take a request for unaffected because a statement took too long', async () => {
      await put('slow', ENDLESS, 'draft');
      const reply = await read('/fhir/Patient/p9');

      const answer = await impact('slow');

      expect(answer['affected']).toBe(0);
      expect(answer['undecided']).toBeGreaterThan(0);
      expect((answer['undecided-requests'] as unknown[])[0]).toEqual({
        'request-id': reply.headers.get('x-request-id'),
        policy: 'slow',
      });
      await remove('slow');
    });

    it('names another policy by which it stays open what a policy would change', async () => {
      await put('later', `SELECT {{params.resource/id}} = 'p10'`, 'draft');
      await put('fails', `SELECT ({{params.resource/id}})::int > 0`, 'active');
      const reply = await read('/fhir/Patient/p10');
      const id = reply.headers.get('x-request-id');
      const open = await impact('later');
      await remove('fails');

      expect(reply.status).toBe(403);
      expect(open).toMatchObject({
        ...{ affected: 0, undecided: 1 },
        'undecided-requests': [{ 'request-id': id, policy: 'fails' }],
      });
      expect(await impact('later')).toMatchObject({
        ...{ affected: 1, undecided: 0 },
        requests: [{ 'request-id': id }],
      });
    });

    it('is certain where another policy allows the request in any case', async () => {
      await put('slow', ENDLESS, 'draft');
      await put('decides', `SELECT {{params.resource/id}} = 'p11'`, 'active');
      const reply = await read('/fhir/Patient/p11');
      const { undecided, 'undecided-requests': requests } = await impact('slow');

      // Allowed, and nothing is there.
      expect(reply.status).toBe(404);
      expect(undecided).toBeGreaterThan(0);
      expect(JSON.stringify(requests)).not.toContain(reply.headers.get('x-request-id') ?? '');
      await Promise.all(['slow', 'decides'].map(remove));
    });
  });
});
