import {
  casesOf,
  decidingIn,
  decisionGroups,
  IN_PROCESS,
  policySets,
  type DecisionCase,
} from '../support/decision-vectors.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

/** Of the cases that are decided in process too. */
const EVERY = 12;
const EVERY_OF_SETS = 37;

describe('the vectors of single decisions, over HTTP', () => {
  let app: TestApp;

  beforeAll(async () => {
    // A busy machine must not make a statement count as false.
    app = await startTestApp({ WARDGATE_SQL_POLICY_TIMEOUT: '20s' });
    await app.put('/fhir/Patient/p1', {
      resourceType: 'Patient',
      active: true,
      generalPractitioner: [{ reference: 'Practitioner/d1' }],
    });
    await app.put('/fhir/Patient/p2', { resourceType: 'Patient', active: false });
  });
  afterAll(async () => {
    await app.stop();
  });

  async function effectOf({ policy, request }: DecisionCase): Promise<unknown> {
    const { status, json, text } = await app.call('POST', '/auth/test-policy', {
      asRoot: true,
      body: { request, policies: [policy] },
    });
    return status === 200 ? json?.['decision'] : text;
  }

  async function wrong(cases: readonly DecisionCase[]): Promise<readonly unknown[]> {
    const differences: unknown[] = [];
    for (const one of cases) {
      const effect = await effectOf(one);
      if (effect !== one.effect) differences.push({ ...one, effect });
    }
    return differences;
  }

  it.each(IN_PROCESS)('are decided as in process: a part of %s', async (file) => {
    const cases = decisionGroups(file)
      .flatMap(casesOf)
      .filter((_case, at) => at % EVERY === 0);
    expect(new Set(cases.map(({ effect }) => effect))).toEqual(new Set(['allow', 'deny']));

    await expect(wrong(cases)).resolves.toEqual([]);
  });

  it('are decided as in process: a part of the sets of policies', async () => {
    const { requests, sets } = policySets();
    const cases = sets.flatMap((set) =>
      decidingIn(set, requests.length).map((policy, at) => ({
        set,
        policy,
        request: requests[at],
      })),
    );
    const differences: unknown[] = [];
    for (const one of cases.filter((_case, at) => at % EVERY_OF_SETS === 0)) {
      const { set, policy, request } = one;
      const body = { request, policies: set.policies };
      const { json } = await app.call('POST', '/auth/test-policy', { asRoot: true, body });
      if (json?.['policy'] !== (policy ?? null)) differences.push({ ...one, json });
    }

    expect(differences).toEqual([]);
  });

  it.each(decisionGroups('sql'))('$name', async (group) => {
    await expect(wrong(casesOf(group))).resolves.toEqual([]);
  });
});
