import { readFileSync } from 'node:fs';
import {
  hasSynthea,
  referenceOf,
  resolved,
  syntheaFiles,
  type Resource,
} from '../support/synthea.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

interface SentBundle {
  readonly entry: readonly { readonly fullUrl: string; readonly resource: Resource }[];
}

interface Answered {
  readonly entry: readonly { readonly response: { status: string; location: string } }[];
}

const describeWhereData = hasSynthea ? describe : describe.skip;

describeWhereData('records by Synthea (skipped where ../shared/data is absent)', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(async () => {
    await app.stop();
  });

  it('load by transaction and read back as they were sent', async () => {
    let total = 0;
    for (const name of syntheaFiles()) {
      const text = readFileSync(name, 'utf8');
      const reply = await app.call('POST', '/fhir', {
        asRoot: true,
        body: text,
        headers: { 'content-type': 'application/fhir+json', prefer: 'return=minimal' },
      });
      expect({ name, status: reply.status }).toEqual({ name, status: 200 });

      const sent = JSON.parse(text) as SentBundle;
      const { entry } = reply.json as unknown as Answered;
      expect(entry).toHaveLength(sent.entry.length);
      expect(new Set(entry.map(({ response }) => response.status))).toEqual(new Set(['201']));
      await expectStored(app, sent, entry);
      total += entry.length;
    }
    expect(total).toBe(4370);
  }, 300_000);
});

/** Reads in pages of one type, as thousands of single reads would test nothing more. */
async function expectStored(
  app: TestApp,
  sent: SentBundle,
  answered: Answered['entry'],
): Promise<void> {
  const references = new Map(
    sent.entry.map(({ fullUrl }, at) => [fullUrl, referenceOf(answered[at]?.response.location)]),
  );
  const stored = await readAll(app, [...references.values()]);
  for (const { fullUrl, resource } of sent.entry) {
    const reference = references.get(fullUrl) ?? '';
    const expected = {
      ...(resolved(resource, references) as Resource),
      id: reference.split('/')[1],
    };

    expect(withoutMeta(stored.get(reference))).toEqual(withoutMeta(expected));
  }
}

function withoutMeta(resource: object = {}): unknown {
  return Object.fromEntries(Object.entries(resource).filter(([key]) => key !== 'meta'));
}

async function readAll(
  app: TestApp,
  references: readonly string[],
): Promise<ReadonlyMap<string, Resource>> {
  const body = {
    resourceType: 'Bundle',
    type: 'batch',
    entry: references.map((url) => ({ request: { method: 'GET', url } })),
  };
  const { json } = await app.call('POST', '/fhir', { asRoot: true, body });
  const { entry } = json as unknown as { entry: readonly { resource: Resource }[] };
  return new Map(entry.map(({ resource }, at) => [references[at] ?? '', resource]));
}
