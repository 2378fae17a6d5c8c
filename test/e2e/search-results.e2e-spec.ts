import { parse } from 'yaml';
import { startTestApp, type Reply, type TestApp } from '../support/test-app.js';
import { idsFound } from '../support/synthea.js';

interface Entry {
  readonly resource: Readonly<Record<string, unknown>> & { readonly id: string };
  readonly search: { readonly mode: string };
}

const entriesOf = ({ json }: Reply): readonly Entry[] =>
  (json?.['entry'] ?? []) as readonly Entry[];

const PATIENTS: Readonly<Record<string, object>> = {
  a: { name: [{ family: 'Zeta' }], birthDate: '1970-05-01', gender: 'male' },
  b: { name: [{ family: 'alpha' }], birthDate: '1980', gender: 'female' },
  c: { name: [{ family: 'Beta' }, { family: 'Aa' }], birthDate: '1970-05-01' },
  d: { gender: 'male' },
  e: { name: [{ family: 'Álpha' }], birthDate: '1960-01', active: true },
};

describe('the CapabilityStatement', () => {
  it('says the same in YAML as in JSON', async () => {
    const app = await startTestApp();
    const json = await app.call('GET', '/fhir/metadata');
    const yaml = await app.call('GET', '/fhir/metadata?_format=yaml');
    await app.stop();

    expect(yaml.headers.get('content-type')).toBe('text/yaml; charset=utf-8');
    expect(parse(yaml.text)).toEqual(json.json);
  });
});

describe('the results of a search', () => {
  let app: TestApp;
  const get = (path: string) => app.call('GET', path, { asRoot: true });

  beforeAll(async () => {
    app = await startTestApp();
    for (const [id, patient] of Object.entries(PATIENTS)) {
      await app.put(`/fhir/Patient/${id}`, { resourceType: 'Patient', ...patient });
    }
    await app.put('/fhir/Organization/o1', {
      resourceType: 'Organization',
      name: 'Part',
      partOf: { reference: 'Organization/o2' },
    });
    await app.put('/fhir/Organization/o2', {
      resourceType: 'Organization',
      name: 'Whole',
      partOf: { reference: 'Organization/o1' },
    });
    await app.put('/fhir/Encounter/n1', {
      resourceType: 'Encounter',
      status: 'planned',
      class: { code: 'AMB' },
      subject: { reference: 'Patient/a' },
      serviceProvider: { reference: 'Organization/o1' },
    });
    await app.put('/fhir/Observation/v1', {
      resourceType: 'Observation',
      status: 'final',
      code: { coding: [{ system: 's', code: 'x' }], text: 'X' },
      valueQuantity: { value: 1.25, unit: 'kg' },
      note: [{ text: 'n' }],
      text: { status: 'generated', div: '<div xmlns="http://www.w3.org/1999/xhtml">x</div>' },
      component: [{ code: { coding: [{ code: 'y' }] }, interpretation: [{ text: 'i' }] }],
      encounter: { reference: 'Encounter/n1' },
    });
  });
  afterAll(async () => {
    await app.stop();
  });

  it.each([
    ['_id', ['a', 'b', 'c', 'd', 'e']],
    ['-_id', ['e', 'd', 'c', 'b', 'a']],
    ['_lastUpdated', ['a', 'b', 'c', 'd', 'e']],
    ['birthdate', ['e', 'a', 'c', 'b', 'd']],
    ['-birthdate', ['b', 'a', 'c', 'e', 'd']],
    ['family', ['c', 'b', 'e', 'a', 'd']],
    ['-family,birthdate', ['a', 'c', 'e', 'b', 'd']],
    ['gender,-birthdate', ['b', 'a', 'd', 'c', 'e']],
    ['birthdate,-_id', ['e', 'c', 'a', 'b', 'd']],
  ])('come in the order of _sort=%s, on pages of any size', async (sort, ids) => {
    for (const count of [1, 2, 3, 5]) {
      expect(await idsFound(app, `/fhir/Patient?_sort=${sort}&_count=${count}`)).toEqual(ids);
    }
  });

  it('stay on their pages while others write', async () => {
    const first = await get('/fhir/Patient?_sort=birthdate&_count=2&_total=none');
    const next = (first.json?.['link'] as { relation: string; url: string }[])
      .find(({ relation }) => relation === 'next')
      ?.url.replace(app.baseUrl, '');
    await app.put('/fhir/Patient/0', { resourceType: 'Patient', birthDate: '1950' });
    await app.call('DELETE', '/fhir/Patient/e', { asRoot: true });

    expect(entriesOf(first).map(({ resource }) => resource.id)).toEqual(['e', 'a']);
    expect(await idsFound(app, next ?? '')).toEqual(['c', 'b', 'd']);

    await app.call('DELETE', '/fhir/Patient/0', { asRoot: true });
    await app.put('/fhir/Patient/e', { resourceType: 'Patient', ...PATIENTS['e'] });
  });

  it.each([
    ['', 5],
    ['&_total=accurate', 5],
    ['&_total=estimate', 5],
    ['&_total=none', undefined],
    ['&_summary=count&_total=none', 5],
    ['&gender=male', 2],
    ['&gender=unknown', 0],
  ])('are counted as %j asks', async (query, total) => {
    const { json } = await get(`/fhir/Patient?_count=1${query}`);

    expect(json?.['total']).toBe(total);
  });

  it.each(['_count=0', '_summary=count'])('are only counted with %s', async (query) => {
    const reply = await get(`/fhir/Patient?${query}`);

    expect(reply.json).toMatchObject({ total: 5 });
    expect(entriesOf(reply)).toEqual([]);
  });

  const tag = [
    { system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue', code: 'SUBSETTED' },
  ];

  it.each([
    ['_elements=note', ['code', 'id', 'meta', 'note', 'resourceType', 'status']],
    ['_elements=value', ['code', 'id', 'meta', 'resourceType', 'status', 'valueQuantity']],
    ['_elements=value%5Bx%5D', ['code', 'id', 'meta', 'resourceType', 'status', 'valueQuantity']],
    ['_summary=text', ['code', 'id', 'meta', 'resourceType', 'status', 'text']],
    [
      '_summary=data',
      [
        'code',
        'component',
        'encounter',
        'id',
        'meta',
        'note',
        'resourceType',
        'status',
        'valueQuantity',
      ],
    ],
    [
      '_summary=true',
      ['code', 'component', 'encounter', 'id', 'meta', 'resourceType', 'status', 'valueQuantity'],
    ],
  ])(
    'have the elements that %s asks for, and say that others are missing',
    async (query, names) => {
      const reply = await get(`/fhir/Observation?${query}`);
      const [entry] = entriesOf(reply);

      expect(Object.keys(entry?.resource ?? {}).sort()).toEqual(names);
      expect(entry?.resource['meta']).toMatchObject({ tag, versionId: '1' });
      if (names.includes('valueQuantity')) expect(reply.text).toMatch(/"value": ?1.25/);
    },
  );

  it('have the parts of an element that belong to the summary', async () => {
    const [entry] = entriesOf(await get('/fhir/Observation?_summary=true'));

    expect(entry?.resource['component']).toEqual([{ code: { coding: [{ code: 'y' }] } }]);
  });

  it.each(['', '_summary=false'])('are whole with %j', async (query) => {
    const [entry] = entriesOf(await get(`/fhir/Observation?${query}`));

    expect(entry?.resource).toHaveProperty('text');
    expect(entry?.resource['meta']).not.toHaveProperty('tag');
  });

  const added = (reply: Reply) =>
    entriesOf(reply)
      .filter(({ search }) => search.mode === 'include')
      .map(({ resource }) => `${String(resource['resourceType'])}/${resource.id}`)
      .sort();

  it.each([
    ['Encounter?_include=Encounter:subject', ['Patient/a']],
    [
      'Encounter?_include=Encounter:subject&_include=Encounter:service-provider',
      ['Organization/o1', 'Patient/a'],
    ],
    ['Encounter?_include=*', ['Organization/o1', 'Patient/a']],
    ['Encounter?_include=Encounter:*', ['Organization/o1', 'Patient/a']],
    ['Encounter?_include=Encounter:*:Organization', ['Organization/o1']],
    ['Patient?_id=a&_revinclude=Encounter:*', ['Encounter/n1']],
    ['Observation?_include=Observation:encounter', ['Encounter/n1']],
    [
      'Observation?_include=Observation:encounter&_include:iterate=Encounter:subject',
      ['Encounter/n1', 'Patient/a'],
    ],
    [
      'Encounter?_include=Encounter:service-provider&_include:iterate=Organization:partof',
      ['Organization/o1', 'Organization/o2'],
    ],
    ['Organization?_id=o1&_include=Organization:partof', ['Organization/o2']],
    ['Patient?_id=a&_revinclude=Encounter:subject', ['Encounter/n1']],
    [
      'Patient?_id=a&_revinclude=Encounter:subject&_revinclude:iterate=Observation:encounter',
      ['Encounter/n1', 'Observation/v1'],
    ],
    ['Patient?_id=b&_revinclude=Encounter:subject', []],
    ['Patient?_id=a&_revinclude=Encounter:subject:Group', undefined],
  ])('of %s come with what is included, each once', async (path, resources) => {
    const reply = await get(`/fhir/${path}`);

    if (resources === undefined) expect(reply.status).toBe(400);
    else expect(added(reply)).toEqual(resources);
  });

  it('include only for the matches of the page', async () => {
    await app.put('/fhir/Encounter/n2', {
      resourceType: 'Encounter',
      status: 'planned',
      class: { code: 'AMB' },
      subject: { reference: 'Patient/b' },
    });
    const page = await get('/fhir/Encounter?_include=Encounter:subject&_count=1');

    expect(added(page)).toEqual(['Patient/a']);
    expect(page.json).toMatchObject({ total: 2 });
    await app.call('DELETE', '/fhir/Encounter/n2', { asRoot: true });
  });
});
