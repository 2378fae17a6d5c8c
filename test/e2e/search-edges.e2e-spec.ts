import { idsFound } from '../support/synthea.js';
import { startTestApp, type Reply, type TestApp } from '../support/test-app.js';

const MIB = 1024 * 1024;

interface Link {
  readonly relation: string;
  readonly url: string;
}

const observation = (id: string, value: string) =>
  `{"resourceType":"Observation","id":"${id}","status":"final","code":{"text":"x"},
    "subject":{"reference":"Patient/p1"},"valueQuantity":{"value":${value}}}`;

/** Values of observations by id; two differ beyond what JavaScript holds, one is beyond what a link took. */
const VALUES: Readonly<Record<string, string>> = {
  near: '0.12345678901234567891',
  nearer: '0.12345678901234567892',
  huge: '1e300',
  half: '0.5',
};

describe('searches at their edges', () => {
  let app: TestApp;
  const get = (path: string) => app.call('GET', path, { asRoot: true });
  const next = ({ json }: Reply) => {
    const links = (json?.['link'] ?? []) as readonly Link[];
    return links.find(({ relation }) => relation === 'next')?.url.slice(app.baseUrl.length);
  };
  /** Ids of all pages, one match each. */
  const paged = async (path: string) => {
    const found: string[] = [];
    let at: string | undefined = path;
    while (at !== undefined) {
      const reply = await get(at);
      if (reply.status !== 200) throw new Error(`${at}: ${reply.status} ${reply.text}`);
      const entries = reply.json?.['entry'] as readonly { resource: { id: string } }[];
      found.push(...entries.map(({ resource }) => resource.id));
      at = next(reply);
    }
    return found;
  };
  const cursor = (...parts: readonly (string | null)[]) =>
    Buffer.from(JSON.stringify(parts)).toString('base64url');
  const patient = (id: string, name: object, more: object = {}) =>
    app.put(`/fhir/Patient/${id}`, { resourceType: 'Patient', id, name: [name], ...more });

  beforeAll(async () => {
    app = await startTestApp();
    await patient('p1', { family: 'Weiß' }, { birthDate: '1970-01-01' });
    await patient('p2', { family: 'ΠΑΠΠΑΣ' }, { link: [link('p1')] });
    await patient('p3', { family: `${'x'.repeat(5000)}b` });
    await patient('p4', { family: `${'x'.repeat(5000)}a` });
    for (const [id, value] of Object.entries(VALUES)) {
      const reply = await app.call('PUT', `/fhir/Observation/${id}`, {
        asRoot: true,
        body: observation(id, value),
      });
      expect(reply.status).toBe(201);
    }
  });
  afterAll(async () => {
    await app.stop();
  });

  it.each([
    ['value-quantity=0.12345678901234567891', ['near']],
    ['value-quantity=0.12345678901234567892', ['nearer']],
    ['value-quantity=0.1234567890123456789', ['near', 'nearer']],
    ['value-quantity=gt0.12345678901234567891', ['half', 'huge', 'nearer']],
    ['value-quantity=1e300', ['huge']],
    ['value-quantity=gt1e299', ['huge']],
    ['value-quantity=lt1e-200', []],
  ])('compare every digit of a decimal: %s', async (query, ids) => {
    expect(await idsFound(app, `/fhir/Observation?${query}`)).toEqual(ids);
  });

  it('page through what they are sorted by, however large or long it is', async () => {
    expect(await paged('/fhir/Observation?_sort=-value-quantity&_count=1')).toEqual([
      'huge',
      'half',
      'nearer',
      'near',
    ]);
    // Alike as far as is compared, and so in order of their ids.
    const byFamily = await paged('/fhir/Patient?_sort=family&_count=1');
    expect(byFamily).toEqual(['p1', 'p3', 'p4', 'p2']);
  });

  it.each([
    ['a day that is none', cursor('2024-02-30 00:00:00+00', 'Patient', 'p1')],
    ['a 13th month', cursor('2024-13-01 00:00:00+00', 'Patient', 'p1')],
    ['a zone that is none', cursor('2024-01-01 00:00:00+99', 'Patient', 'p1')],
    ['no date', cursor('yesterday', 'Patient', 'p1')],
    ['too few parts', cursor('p1')],
  ])('refuse a cursor with %s', async (_name, after) => {
    const reply = await get(`/fhir/Patient?_sort=birthdate&_after=${after}`);

    expect(reply.status).toBe(400);
    expect(reply.json).toMatchObject({ issue: [{ expression: ['_after'] }] });
  });

  it('take a cursor of their own', async () => {
    const after = cursor('1960-01-01 00:00:00+00', 'Patient', 'p1');

    expect(await idsFound(app, `/fhir/Patient?_sort=birthdate&_after=${after}`)).toEqual([
      'p1',
      'p2',
      'p3',
      'p4',
    ]);
  });

  it.each([
    ['weiss', ['p1']],
    ['WEISS', ['p1']],
    ['weiß', ['p1']],
    ['παππας', ['p2']],
    ['ΠΑΠΠΑΣ', ['p2']],
    ['ΠΑΠΠΑ', ['p2']],
  ])('find %s whatever its case', async (family, ids) => {
    expect(await idsFound(app, `/fhir/Patient?family=${encodeURIComponent(family)}`)).toEqual(ids);
  });

  it('do not pass over the version of a reference', async () => {
    const found = await idsFound(app, '/fhir/Observation?subject=Patient/p1');
    const relative = await get('/fhir/Observation?subject=Patient/p1/_history/1');
    const whole = await get(`/fhir/Observation?subject=${app.baseUrl}/fhir/Patient/p1/_history/1`);

    expect(found).toEqual(Object.keys(VALUES).sort());
    expect([relative.status, whole.status]).toEqual([400, 400]);
  });

  it('find the patient in the compartment, besides those that are linked', async () => {
    expect(await idsFound(app, '/fhir/Patient/p1/Patient')).toEqual(['p1', 'p2']);
    expect(await idsFound(app, '/fhir/Patient/p1/Patient?family=weiss')).toEqual(['p1']);
    expect(await idsFound(app, '/fhir/Patient/p3/Patient')).toEqual(['p3']);
    expect(await idsFound(app, '/fhir/Patient/nobody/Patient')).toEqual([]);
  });

  it('find what is in the compartment of an encounter, the encounter included', async () => {
    await app.put('/fhir/Encounter/n1', {
      resourceType: 'Encounter',
      id: 'n1',
      status: 'finished',
      class: { code: 'AMB' },
    });
    await app.put('/fhir/Condition/c1', {
      resourceType: 'Condition',
      id: 'c1',
      subject: { reference: 'Patient/p1' },
      encounter: { reference: 'Encounter/n1' },
    });

    expect(await idsFound(app, '/fhir/Encounter/n1/Condition')).toEqual(['c1']);
    expect(await idsFound(app, '/fhir/Encounter/n1/Encounter')).toEqual(['n1']);
    expect(await idsFound(app, '/fhir/Encounter/n1/Observation')).toEqual([]);
    expect((await get('/fhir/Encounter/n1/Patient')).status).toBe(400);
  });

  it.each([
    ['/fhir/Patient?_pretty=maybe', 400],
    ['/fhir/Patient?_pretty=true', 200],
    ['/fhir/Patient/p1?_pretty=', 400],
    ['/fhir/Patient/p1?_pretty=false', 200],
    ['/fhir/Patient/p1?_pretty=true&_pretty=false', 400],
  ])('answer %s with %i', async (path, status) => {
    expect((await get(path)).status).toBe(status);
  });

  it('refuse an answer by its size as it is sent, however well it can be packed', async () => {
    const data = 'A'.repeat(12 * MIB);
    for (let n = 0; n < 6; n += 1) {
      await app.put(`/fhir/Binary/b${n}`, {
        resourceType: 'Binary',
        id: `b${n}`,
        contentType: 'text/plain',
        data,
      });
    }
    const all = await get('/fhir/Binary?_total=none');
    const some = await get('/fhir/Binary?_count=2&_elements=contentType');

    expect(all.status).toBe(400);
    expect(all.json).toMatchObject({ issue: [{ code: 'too-costly', expression: ['_count'] }] });
    expect(some.status).toBe(200);
    expect(some.json).toMatchObject({ total: 6 });
  });
});

function link(id: string): object {
  return { other: { reference: `Patient/${id}` }, type: 'seealso' };
}
