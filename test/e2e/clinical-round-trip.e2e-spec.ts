import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { LosslessNumber } from 'lossless-json';
import {
  isExactObject,
  parseExact,
  stringifyExact,
  type ExactJson,
  type ExactObject,
} from '../../src/interactions/formats/exact-json.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

/** Data of others, which is not part of this repository. */
const DATA = resolve(import.meta.dirname, '../../../shared/data');
const EXAMPLES = join(DATA, 'fhir-test-cases/r4/examples');
const PATIENTS = join(DATA, 'synthea-r4');
const describeWithData = existsSync(DATA) ? describe : describe.skip;

/** PostgreSQL writes an exponent out; such numbers are the same by value. */
function scalar(value: ExactJson): string {
  const text = stringifyExact(value);
  const isNumber = value instanceof LosslessNumber;
  return isNumber && (/e/i.test(text) || text.length > 20) ? String(Number(text)) : text;
}

/** Keys in one order and numbers as they are written, so that two texts are equal when the resources are. */
function canonical(value: ExactJson): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (!isExactObject(value)) return scalar(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`).join(',')}}`;
}

/** Everything but what the server owns: two elements of `meta`, and one extension of it. */
function asWritten(text: string): string {
  const { meta, ...rest } = parseExact(text) as ExactObject;
  if (!isExactObject(meta)) return canonical(rest);
  const { extension = [], ...kept } = meta;
  delete kept['versionId'];
  delete kept['lastUpdated'];
  const own = (extension as ExactObject[]).filter(({ url }) => url !== 'ex:createdAt');
  const left = { ...kept, ...(own.length === 0 ? {} : { extension: own }) };
  return canonical(Object.keys(left).length === 0 ? rest : { ...rest, meta: left });
}

/** Published examples that R4 itself does not allow. */
const INVALID = (
  JSON.parse(readFileSync('test/vectors/validation/invalid-examples.json', 'utf8')) as {
    name: string;
  }[]
).map(({ name }) => name);

function examples(): readonly [string, string][] {
  return readdirSync(EXAMPLES)
    .filter((name) => name.endsWith('.json') && !INVALID.includes(name))
    .map((name): [string, string] => [name, readFileSync(join(EXAMPLES, name), 'utf8')])
    .filter(([, text]) => (parseExact(text) as ExactObject)['resourceType'] !== undefined);
}

/** The record of one patient, each resource by itself under the id that its Bundle entry gives it. */
function recordOfOnePatient(): readonly ExactObject[] {
  const [name = ''] = readdirSync(PATIENTS).filter((file) => /^[A-Z].*_.*\.json$/.test(file));
  const text = readFileSync(join(PATIENTS, name), 'utf8');
  const types = new Map<string, string>();
  type Identified = ExactObject & { resourceType: string; id: string };
  const bundle = parseExact(text) as unknown as {
    entry: { fullUrl: string; resource: Identified }[];
  };
  for (const { fullUrl, resource } of bundle.entry) {
    types.set(fullUrl, `${resource.resourceType}/${resource.id}`);
  }
  const resolved = text.replace(/"urn:uuid:[^"]+"/g, (urn) => {
    const target = types.get(urn.slice(1, -1));
    return target === undefined ? urn : JSON.stringify(target);
  });
  const { entry } = parseExact(resolved) as { entry: { resource: ExactObject }[] };
  return entry.map(({ resource }) => resource);
}

// Skipped in a clone that has no ../shared/data: the examples are other people's.
describeWithData('clinical resources as they were written', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await startTestApp();
  }, 60_000);
  afterAll(async () => {
    await app.stop();
  });

  const roundTrip = async (resource: ExactObject): Promise<void> => {
    const { resourceType, id } = resource as { resourceType: string; id: string };
    const text = stringifyExact(resource);
    const path = `/fhir/${resourceType}/${id}`;
    const put = await app.call('PUT', path, {
      asRoot: true,
      body: text,
      headers: { 'content-type': 'application/fhir+json' },
    });
    const got = await app.call('GET', path, { asRoot: true });

    expect({ path, text: put.status < 300 ? '' : put.text }).toEqual({ path, text: '' });
    expect(asWritten(put.text)).toBe(asWritten(text));
    expect(asWritten(got.text)).toBe(asWritten(text));
  };

  it.each(existsSync(EXAMPLES) ? examples() : [])(
    'reads %s back, decimals as they were written',
    async (_name, text) => {
      const resource = parseExact(text) as ExactObject;

      await roundTrip({ ...resource, id: resource['id'] ?? 'without-id' });
    },
  );

  it('reads the whole record of a patient back', async () => {
    const record = recordOfOnePatient();
    expect(record.length).toBeGreaterThan(20);

    for (const resource of record) await roundTrip(resource);
  }, 120_000);
});
