import { as, setAuthzenScene } from '../support/authzen.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const ENDLESS =
  'WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT 1 - n FROM r) SELECT count(*) > 0 FROM r';
const TIMEOUT_MS = 30;

describe('what is kept of evaluations', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await startTestApp({ WARDGATE_SQL_POLICY_TIMEOUT: `${TIMEOUT_MS}ms` });
    await setAuthzenScene(app);
  });
  afterAll(async () => {
    await app.stop();
  });

  const ask = async (
    evaluations: readonly object[],
    headers: Readonly<Record<string, string>> = {},
  ) => {
    const body = {
      action: { name: 'FhirRead' },
      resource: { type: 'Patient', id: 'p1' },
      evaluations,
    };
    const reply = await app.call('POST', '/access/v1/evaluations', {
      body,
      headers: { ...as('pep'), ...headers },
    });
    return {
      id: reply.headers.get('x-request-id') ?? '',
      answers: reply.json?.['evaluations'] as readonly Record<string, unknown>[],
    };
  };
  const decisions = async (id: string) => {
    const { json } = await app.call('GET', `/$decision/${id}`, { asRoot: true });
    return json?.['decisions'] as readonly Record<string, unknown>[];
  };
  const counted = async (): Promise<readonly string[]> => {
    const { text } = await app.call('GET', '/metrics', { asRoot: true });
    return text.split('\n').filter((line) => line.startsWith('wardgate_evaluations_total'));
  };
  const user = (id: string, more: object = {}) => ({ subject: { type: 'user', id }, ...more });

  it('is explained by the request id, after the decision about the question itself', async () => {
    const { id, answers } = await ask([
      user('bob'),
      user('alice', { resource: { type: 'Patient', id: 'p2' } }),
      user('nobody'),
      user('bob', { action: { name: 'decision' }, resource: { type: 'x', id: 'y' } }),
    ]);

    expect(answers.map(({ decision }) => decision)).toEqual([true, false, false, false]);
    const seen = (await decisions(id)).map(({ decision, policy, reason, user: who }) => ({
      ...{ decision, policy, reason, who },
    }));
    expect(seen).toEqual([
      { decision: 'allow', policy: 'pep-asks', reason: null, who: null },
      { decision: 'allow', policy: 'nurses-read', reason: null, who: 'User/bob' },
      { decision: 'deny', policy: null, reason: 'no-policy', who: 'User/alice' },
      { decision: 'deny', policy: null, reason: 'subject', who: null },
      { decision: 'deny', policy: null, reason: 'administrator', who: 'User/bob' },
    ]);
  });

  it('is counted by operation and outcome, apart from decisions that take effect', async () => {
    await ask([
      user('bob', { action: { name: 'FhirVread' } }),
      user('gone', { action: { name: 'FhirHistory' } }),
    ]);

    expect(await counted()).toEqual(
      expect.arrayContaining([
        'wardgate_evaluations_total{operation="FhirVread",outcome="no-policy"} 1',
        'wardgate_evaluations_total{operation="FhirHistory",outcome="subject-unresolved"} 1',
      ]),
    );
    const { text } = await app.call('GET', '/metrics', { asRoot: true });
    expect(text).not.toContain('wardgate_decisions_total{operation="FhirVread"');
  });

  it('has neither credentials nor what is large', async () => {
    const { id } = await ask([
      user('alice', {
        resource: {
          type: 'Patient',
          id: 'p3',
          properties: { password: 'hidden-1', kind: 'shown' },
        },
        context: {
          headers: { authorization: 'Bearer hidden-2', cookie: 'hidden-3', 'x-kind': 'shown-too' },
          body: { large: 'x'.repeat(100_000) },
        },
      }),
    ]);

    const text = JSON.stringify((await decisions(id))[1]);
    expect(text).toContain('"kind":"shown"');
    expect(text).toContain('shown-too');
    expect(text).not.toContain('hidden');
    expect(text.length).toBeLessThan(50_000);
  });

  it('is no request that a policy is tried on', async () => {
    await ask([user('bob')]);

    const { json } = await app.call('GET', '/AccessPolicy/nurses-read/$impact', { asRoot: true });
    expect(json).toMatchObject({ affected: 0, complete: true });
  });

  describe('with policies that take their time', () => {
    beforeAll(async () => {
      await app.put('/AccessPolicy/slow', { engine: 'sql', sql: { query: ENDLESS } });
    });
    afterAll(async () => {
      await app.call('DELETE', '/AccessPolicy/slow', { asRoot: true });
    });

    it('answers all of a batch in the time of one decision', async () => {
      const other = (n: number) =>
        user('alice', { resource: { type: 'Patient', id: `p${n + 2}` } });
      const { id, answers } = await ask([
        ...Array.from({ length: 99 }, (_none, n) => other(n)),
        user('bob'),
      ]);

      const reasons = answers.map((answer) =>
        answer['decision'] === true ? 'allow' : (answer['context'] as { reason: string }).reason,
      );
      expect(reasons).toHaveLength(100);
      expect(reasons[0]).toBe('no-policy');
      expect(reasons[98]).toBe('unavailable');
      // What needs no database is decided as ever.
      expect(reasons[99]).toBe('allow');
      expect(JSON.stringify((await decisions(id))[98])).toContain('took all the time');
    });

    it('gives the next request its own time', async () => {
      const { answers } = await ask([user('alice', { resource: { type: 'Patient', id: 'p2' } })]);

      expect(answers).toEqual([{ decision: false, context: { reason: 'no-policy' } }]);
    });
  });
});
