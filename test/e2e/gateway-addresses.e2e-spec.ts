import {
  asks,
  callAs,
  sendBundle,
  statusesOf,
  writes,
  type SentEntry,
} from '../support/bundle-calls.js';
import { startGateway, type GatewayFixture } from '../support/gateway-fixture.js';

const observation = (reference: string, more: object = {}) => ({
  ...{ resourceType: 'Observation', status: 'final', code: { text: 'x' } },
  ...{ subject: { reference }, ...more },
});

/** Where a client puts the base of a server before `Type/id`. */
describe('a whole address in what a client sends', () => {
  let fixture: GatewayFixture;
  let bases: Readonly<Record<'own' | 'behind', string>>;

  const ask = (method: string, path: string, body?: unknown, headers = {}) =>
    callAs(fixture.gateway, 'writer', method, path, { body, headers });
  const sent = () => fixture.upstream.taken().map(({ body }) => JSON.parse(body) as unknown);
  const targets = () => fixture.upstream.lines().map((line) => decodeURIComponent(line));

  beforeAll(async () => {
    fixture = await startGateway();
    bases = {
      own: `${fixture.gateway.baseUrl}/fhir`,
      behind: `${fixture.upstream.url}/fhir`,
    };
    for (const id of ['p1', 'found', 'secret']) {
      await fixture.store.put(`/fhir/Patient/${id}`, { resourceType: 'Patient', id });
    }
    const { store } = fixture;
    await store.put('/fhir/Observation/o1', observation('Patient/p1', { id: 'o1' }));
    await store.put('/fhir/Observation/o2', observation('Patient/found', { id: 'o2' }));
    const about = { body: { subject: { reference: 'Patient/p1' } } };
    await fixture.addClient('writer', [
      { operation: { id: { $enum: ['FhirSearch', 'FhirPatch', 'FhirTransaction'] } } },
      { operation: { id: { $enum: ['FhirCreate', 'FhirUpdate', 'FhirValidate'] } }, ...about },
      {
        operation: { id: 'FhirConditionalUpdate' },
        ...about,
        params: { 'resource/type': 'Observation' },
      },
    ]);
  });
  afterAll(async () => {
    await fixture.stop();
  });

  beforeEach(() => {
    fixture.upstream.taken();
  });

  it.each(['own', 'behind'] as const)(
    'is decided and sent as Type/id where it is a reference: that of %s',
    async (side) => {
      const given = observation(`${bases[side]}/Patient/p1`, { valueInteger: 1 });
      const other = observation(`${bases[side]}/Patient/secret`);

      expect((await ask('POST', '/fhir/Observation', given)).status).toBe(201);
      expect((await ask('PUT', '/fhir/Observation/o1', { ...given, id: 'o1' })).status).toBe(200);
      expect((await ask('PUT', '/fhir/Observation?_id=o1', given)).status).toBe(200);
      const [created, updated, , chosen] = fixture.upstream.taken().map(({ body }) => body);
      const relative = observation('Patient/p1', { valueInteger: 1 });
      expect(JSON.parse(created ?? '')).toEqual(relative);
      expect(JSON.parse(updated ?? '')).toEqual({ ...relative, id: 'o1' });
      expect(JSON.parse(chosen ?? '')).toEqual({ ...relative, id: 'o1' });
      expect((await ask('POST', '/fhir/Observation', other)).status).toBe(403);
      expect((await ask('PUT', '/fhir/Observation/o1', { ...other, id: 'o1' })).status).toBe(403);
      expect(fixture.upstream.lines()).toEqual([]);
    },
  );

  it('of another server is what it is', async () => {
    const given = observation('https://elsewhere.example/fhir/Patient/p1');

    expect((await ask('POST', '/fhir/Observation', given)).status).toBe(403);
    expect(
      (await fixture.gateway.call('POST', '/fhir/Observation', { body: given, asRoot: true }))
        .status,
    ).toBe(201);
    expect(sent()).toEqual([given]);
  });

  it('stays in what is no reference', async () => {
    const url = `${bases.own}/Patient/p1`;
    const given = observation('Patient/p1', {
      extension: [{ url: 'urn:e', valueUri: url }],
      note: [{ text: url }],
    });

    expect((await ask('POST', '/fhir/Observation', given)).status).toBe(201);
    expect(sent()).toEqual([given]);
  });

  it('stays in what is no clinical resource', async () => {
    const x = { reference: `${bases.own}/Patient/p1` };
    const { gateway } = fixture;
    await gateway.put('/fhir/AccessPolicy/by-url', { engine: 'matcho', matcho: { body: { x } } });
    const { json } = await gateway.call('GET', '/fhir/AccessPolicy/by-url', { asRoot: true });
    const request = { uri: '/fhir/Basic', 'request-method': 'post', body: { x } };
    const trial = await gateway.call('POST', '/auth/test-policy', {
      asRoot: true,
      body: { request, policy: { engine: 'allow' } },
    });

    expect(json).toMatchObject({ matcho: { body: { x } } });
    expect(trial.json).toMatchObject({ request: { body: { x } } });
  });

  it.each(['own', 'behind'] as const)('is Type/id in a patch: that of %s', async (side) => {
    const patch = (reference: string) => [
      { op: 'replace', path: '/subject/reference', value: reference },
    ];
    const headers = { 'content-type': 'application/json-patch+json' };
    const given = patch(`${bases[side]}/Patient/p1`);

    expect((await ask('PATCH', '/fhir/Observation/o1', given, headers)).status).toBe(200);
    expect(sent()).toEqual([patch('Patient/p1')]);
  });

  describe('in a Bundle', () => {
    const send = (type: 'batch' | 'transaction', ...entries: readonly SentEntry[]) =>
      sendBundle(fixture.gateway, type, entries, 'writer');
    const resources = () =>
      sent().flatMap((bundle) =>
        (bundle as { entry: { resource: unknown }[] }).entry.map(({ resource }) => resource),
      );
    const create = (reference: string) => writes('POST', 'Observation', observation(reference));

    it.each(['own', 'behind'] as const)(
      'is decided and sent as Type/id: that of %s',
      async (side) => {
        for (const type of ['batch', 'transaction'] as const) {
          await send(type, create(`${bases[side]}/Patient/p1`));
          expect(resources()).toEqual([observation('Patient/p1')]);
        }
        const refused = await send('batch', create(`${bases[side]}/Patient/secret`));
        expect(statusesOf(refused)).toEqual(['403']);
        expect(resources()).toEqual([]);
      },
    );

    it('is decided by where it leads in the end', async () => {
      const named = {
        ...asks('DELETE', 'Observation?_id=nobody'),
        fullUrl: `${bases.behind}/Patient/secret`,
      };
      await fixture.addClient('sender', [
        {
          operation: { id: { $enum: ['FhirTransaction', 'FhirSearch', 'FhirConditionalDelete'] } },
        },
        {
          operation: { id: 'FhirCreate' },
          $not: { body: { subject: { reference: 'Patient/secret' } } },
        },
      ]);
      const sendAs = (...entries: readonly SentEntry[]) =>
        sendBundle(fixture.gateway, 'transaction', entries, 'sender');

      expect((await sendAs(named, create(`${bases.behind}/Patient/secret`))).status).toBe(403);
      expect((await sendAs(named, create(`${bases.behind}/Patient/p1`))).status).toBe(200);
    });

    it('is Type/id in a patch', async () => {
      const patch = { subject: { reference: `${bases.own}/Patient/p1` } };
      const entry = writes('PATCH', 'Observation/o1', {
        resourceType: 'Binary',
        contentType: 'application/merge-patch+json',
        data: Buffer.from(JSON.stringify(patch)).toString('base64'),
      });

      expect(statusesOf(await send('transaction', entry))).toEqual(['200']);
      const [binary] = resources() as { data: string }[];
      expect(JSON.parse(Buffer.from(binary?.data ?? '', 'base64').toString())).toEqual({
        subject: { reference: 'Patient/p1' },
      });
    });
  });

  describe('in a search', () => {
    it.each([
      ['/fhir/Observation?subject=', '/fhir/Observation?subject='],
      ['/fhir/Observation?subject:Patient=', '/fhir/Observation?subject:Patient='],
      ['/fhir/Observation?subject=Patient/p2,', '/fhir/Observation?subject=Patient/p2,'],
    ])('is Type/id for a reference: %s', async (asked, expected) => {
      const reply = await ask('GET', `${asked}${bases.own}/Patient/found`);

      expect(targets()).toEqual([`GET ${expected}Patient/found`]);
      expect(reply.json).toMatchObject({ entry: [{ resource: { id: 'o2' } }] });
      expect((await ask('GET', `${asked}${bases.behind}/Patient/found`)).status).toBe(400);
      expect(targets()).toEqual([]);
    });

    it('of several types, or in a compartment, is the same', async () => {
      const subject = `subject=${bases.own}/Patient/found`;
      const get = (path: string) => fixture.gateway.call('GET', path, { asRoot: true });

      expect((await get(`/fhir?_type=Observation&${subject}`)).status).toBe(200);
      expect((await get(`/fhir/Patient/found/Observation?${subject}`)).status).toBe(200);
      expect(targets()).toEqual([
        'GET /fhir?_type=Observation&subject=Patient/found',
        'GET /fhir/Patient/found/Observation?subject=Patient/found',
      ]);
    });

    it('is Type/id in the condition of a create', async () => {
      const headers = { 'if-none-exist': `subject=${bases.own}/Patient/found` };
      const body = observation('Patient/p1');

      expect((await ask('POST', '/fhir/Observation', body, headers)).status).toBe(200);
      expect(fixture.upstream.taken()[1]?.headers['if-none-exist']).toBe('subject=Patient%2Ffound');
    });

    it('has pages that are asked for as it was', async () => {
      const path = `/fhir/Observation?subject=${encodeURIComponent(`${bases.own}/Patient/p1`)}&_count=0`;
      const { json } = await ask('GET', path);
      const [{ url }] = json?.['link'] as [{ url: string }];

      expect(decodeURIComponent(url)).toContain(`subject=${bases.own}/Patient/p1&_count=0`);
      expect((await ask('GET', url.replace(fixture.gateway.baseUrl, ''))).status).toBe(200);
    });

    it('stays where it is a name', async () => {
      const url = `${bases.own}/ValueSet/v1`;
      await ask('GET', `/fhir/ValueSet?url=${url}`);
      await ask('GET', `/fhir/Observation?_profile=${url}`);

      expect(targets()).toEqual([
        `GET /fhir/ValueSet?url=${url}`,
        `GET /fhir/Observation?_profile=${url}`,
      ]);
    });

    it('is Type/id in Bundles and conditions', async () => {
      const criteria = `subject=${bases.own}/Patient/p1`;
      const create = writes('POST', 'Observation', observation('Patient/p1'), {
        ifNoneExist: `${criteria}&_id=nobody`,
      });
      await sendBundle(
        fixture.gateway,
        'batch',
        [asks('GET', `Observation?${criteria}`), create],
        'writer',
      );
      const [lookup, bundle] = fixture.upstream.taken();

      expect(decodeURIComponent(lookup?.url ?? '')).toBe(
        '/fhir/Observation?subject=Patient/p1&_id=nobody&_count=2',
      );
      const { entry } = JSON.parse(bundle?.body ?? '') as { entry: { request: object }[] };
      expect(entry.map(({ request }) => request)).toEqual([
        { method: 'GET', url: 'Observation?subject=Patient%2Fp1' },
        {
          ...{ method: 'POST', url: 'Observation' },
          ifNoneExist: 'subject=Patient%2Fp1&_id=nobody',
        },
      ]);
    });
  });
});
