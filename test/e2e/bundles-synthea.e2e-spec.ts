import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { startTestApp, type TestApp } from '../support/test-app.js';

interface Resource {
  readonly resourceType: string;
  readonly id: string;
  readonly meta?: unknown;
}

interface SentBundle {
  readonly entry: readonly { readonly fullUrl: string; readonly resource: Resource }[];
}

interface Answered {
  readonly entry: readonly { readonly response: { status: string; location: string } }[];
}

/** Not part of this repository: synthetic records by Synthea, as transaction Bundles. */
const FOLDER = join(
  process.env['WARDGATE_TEST_DATA'] ?? resolve(import.meta.dirname, '../../../shared/data'),
  'synthea-r4',
);
const isHere = existsSync(FOLDER);
const describeWhereData = isHere ? describe : describe.skip;

/** Hospitals and practitioners first, as their README asks. */
function files(): readonly string[] {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));
  const rank = (name: string) => ['hospital', 'practitioner'].findIndex((w) => name.startsWith(w));
  return [
    ...names.filter((name) => rank(name) >= 0).sort((a, b) => rank(a) - rank(b)),
    ...names.filter((name) => rank(name) < 0).sort(),
  ];
}

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
    for (const name of files()) {
      const text = readFileSync(join(FOLDER, name), 'utf8');
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
  }, 120_000);
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

function referenceOf(location = ''): string {
  return /([A-Z]\w+\/[^/]+)\/_history\/1$/.exec(location)?.[1] ?? '';
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

/** The resource with the references to others of its Bundle as they must have become. */
function resolved(value: unknown, references: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') return references.get(value) ?? value;
  if (Array.isArray(value)) return value.map((item) => resolved(item, references));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, resolved(member, references)]),
  );
}
