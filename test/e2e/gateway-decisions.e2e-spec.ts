import { callAs } from '../support/bundle-calls.js';
import { startGateway, type GatewayFixture } from '../support/gateway-fixture.js';
import { CLIENTS, SHAPES, type Shape } from '../support/gateway-shapes.js';
import { type Reply, type TestApp } from '../support/test-app.js';

interface Part {
  readonly resourceType: string;
  readonly id: string;
}
interface Entry {
  readonly resource?: Part;
  readonly response?: { readonly status: string };
}

const nameOf = (part: Part | undefined) => (part ? `${part.resourceType}/${part.id}` : '');

/** Status and ids of an answer. */
function outcome({ status, json }: Reply): string {
  if (status >= 300 || json === undefined) return String(status);
  const { resourceType, type } = json;
  if (resourceType !== 'Bundle') return `${status} ${nameOf(json as unknown as Part)}`;
  const entries = (json['entry'] ?? []) as readonly Entry[];
  const isResponse = String(type).endsWith('-response');
  const names = entries.map(({ resource, response }) =>
    isResponse ? `${response?.status ?? ''}:${nameOf(resource)}` : nameOf(resource),
  );
  return [status, ...(isResponse ? names : [...new Set(names)].sort())].join(' ');
}

describe('through the gateway as at the store', () => {
  let fixture: GatewayFixture;

  beforeAll(async () => {
    fixture = await startGateway();
    const { store } = fixture;
    await store.put('/fhir/Patient/p1', { resourceType: 'Patient', id: 'p1', active: true });
    await store.put('/fhir/Patient/p2', { resourceType: 'Patient', id: 'p2', active: false });
    await store.put('/fhir/Observation/o1', {
      resourceType: 'Observation',
      id: 'o1',
      status: 'final',
      code: { text: 'x' },
      subject: { reference: 'Patient/p1' },
    });
    for (const [client, patterns] of Object.entries(CLIENTS)) {
      await fixture.addClient(client, patterns);
    }
  });
  afterAll(async () => {
    await fixture.stop();
  });

  const everyOutcome = async (app: TestApp, { ask: [method, path, call = {}] }: Shape) => {
    const outcomes: Record<string, string> = {};
    for (const client of Object.keys(CLIENTS)) {
      outcomes[client] = outcome(await callAs(app, client, method, path, call));
    }
    return outcomes;
  };

  it.each(SHAPES)('$name is answered to the same callers', async (shape) => {
    const denied = Object.fromEntries(Object.keys(CLIENTS).map((client) => [client, '403']));
    const expected = { ...denied, ...shape.answers };

    expect(await everyOutcome(fixture.store, shape)).toEqual(expected);
    fixture.upstream.taken();
    expect(await everyOutcome(fixture.gateway, shape)).toEqual(expected);
    const isPassed = Object.values(shape.answers).some((answer) => /^20[04]/.test(answer));
    // What nobody may do, or nobody understands, the upstream never hears of.
    if (!isPassed) expect(fixture.upstream.lines()).toEqual([]);
  });
});
