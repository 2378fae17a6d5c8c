import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FhirServer } from '../../src/loading/fhir-server.js';
import { Journal } from '../../src/loading/journal.js';
import { load } from '../../src/loading/load.js';
import { Tally } from '../../src/loading/tally.js';
import { basic, startTestApp, type TestApp } from '../support/test-app.js';

let app: TestApp;
let home: string;

beforeAll(async () => {
  app = await startTestApp();
  await app.put('/Client/loader', {
    secret: 'loader-secret-of-some-length',
    grant_types: ['basic'],
  });
  const client = { id: 'loader' };
  await app.put('/AccessPolicy/loader', {
    engine: 'matcho',
    matcho: { client, operation: { id: 'FhirTransaction' } },
  });
  await app.put('/AccessPolicy/loaded', {
    engine: 'matcho',
    matcho: { client, params: { 'resource/type': { $enum: ['Patient', 'Organization'] } } },
  });
});
afterAll(() => app.stop());
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'wardgate-load-'));
});
afterEach(() => {
  rmSync(home, { recursive: true });
});

function file(name: string, content: unknown): string {
  const path = join(home, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

const ndjson = (...resources: readonly object[]): string =>
  resources.map((resource) => `${JSON.stringify(resource)}\n`).join('');

interface Run {
  readonly baseUrl?: string;
  readonly attempts?: number;
  readonly repeatsUncertain?: boolean;
  readonly resources?: number;
}

/** Loads as the command does, with the journal of the test. */
async function run(files: readonly string[], options: Run = {}): Promise<Tally> {
  const { attempts = 1, repeatsUncertain = false, resources = 100 } = options;
  const baseUrl = options.baseUrl ?? `${app.baseUrl}/fhir`;
  const journal = await Journal.open(join(home, 'journal'), baseUrl);
  const tally = new Tally();
  const authorization = basic('loader', 'loader-secret-of-some-length');
  await load({
    files,
    server: new FhirServer({ baseUrl, authorization, timeoutMs: 20_000, attempts }),
    journal,
    limits: { resources, maxBytes: 1_000_000 },
    concurrency: 3,
    repeatsUncertain,
    tally,
    stop: new AbortController(),
  });
  await journal.close();
  return tally;
}

const counts = ({ loaded, refusedCount, skippedCount, uncertainties }: Tally) => ({
  loaded: Object.fromEntries(loaded),
  refused: refusedCount,
  before: skippedCount,
  uncertain: uncertainties.length,
});

const patient = (id: string, elements: object = {}): object => ({
  resourceType: 'Patient',
  id,
  ...elements,
});

/** A transaction with a Patient of an Organization that must be there. */
const memberOf = (organization: string): object => ({
  resourceType: 'Bundle',
  type: 'transaction',
  entry: [
    {
      resource: {
        resourceType: 'Patient',
        managingOrganization: {
          reference: `Organization?identifier=urn:load|${organization}`,
        },
      },
      request: { method: 'POST', url: 'Patient' },
    },
  ],
});

describe('a load', () => {
  it('writes every resource of the files, and none of them again', async () => {
    const files = [
      file('one.ndjson', ndjson(patient('n1'), patient('n2'), patient('n3'))),
      file('two.json', patient('n4')),
    ];

    const first = await run(files, { resources: 2 });
    expect(counts(first)).toEqual({ loaded: { Patient: 4 }, refused: 0, before: 0, uncertain: 0 });
    const again = await run(files, { resources: 2 });
    expect(counts(again)).toEqual({ loaded: {}, refused: 0, before: 3, uncertain: 0 });
    for (const id of ['n1', 'n2', 'n3', 'n4']) {
      const { json } = await app.call('GET', `/fhir/Patient/${id}`, { asRoot: true });
      expect(json).toMatchObject({ id, meta: { versionId: '1' } });
    }
  });

  it('tells what was refused and why, and sends it again the next time', async () => {
    const path = file('mixed.ndjson', ndjson(patient('m1'), { resourceType: 'Basic', id: 'b1' }));
    const tally = await run([path]);

    expect(counts(tally)).toMatchObject({ loaded: { Patient: 1 }, refused: 1 });
    expect(tally.refusals).toMatchObject([
      { file: path, place: 'line 2', target: 'Basic/b1', status: 403 },
    ]);
    expect(counts(await run([path]))).toMatchObject({ loaded: { Patient: 1 }, refused: 1 });
  });

  it('tries what refers to resources of later files once they are there', async () => {
    const organization = {
      resourceType: 'Organization',
      id: 'o1',
      identifier: [{ system: 'urn:load', value: 'o1' }],
    };
    const files = [
      file('1.json', memberOf('o1')),
      file('2.json', memberOf('none')),
      file('3.ndjson', ndjson(organization)),
    ];

    const tally = await run(files);
    expect(counts(tally)).toMatchObject({ loaded: { Patient: 1, Organization: 1 }, refused: 1 });
    expect(tally.refusals).toMatchObject([{ file: files[1], status: 412 }]);
    expect(counts(await run(files))).toMatchObject({ loaded: {}, refused: 1, before: 2 });
  });

  it('loads a file anew that was changed', async () => {
    const path = file('growing.ndjson', ndjson(patient('g1')));
    await run([path]);
    appendFileSync(path, ndjson(patient('g2')));

    expect(counts(await run([path]))).toMatchObject({ loaded: { Patient: 2 }, before: 0 });
  });
});

describe('a load that is cut off', () => {
  let server: Server;
  let baseUrl: string;
  let received: string[];
  /** What the server does to a request: an answer, or the end of the connection. */
  let answers: (number | 'reset')[];

  beforeEach(async () => {
    received = [];
    answers = [];
    server = createServer((request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => (text += chunk.toString()));
      request.on('end', () => {
        received.push(text);
        const answer = answers.shift() ?? 200;
        if (answer === 'reset') {
          request.socket.destroy();
          return;
        }
        response.writeHead(answer, answer === 429 ? { 'retry-after': '0' } : {});
        response.end(JSON.stringify({ entry: [{ response: { status: '201' } }] }));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/fhir`;
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const withId = () => file('id.ndjson', ndjson(patient('i1')));
  const withoutId = () => file('new.ndjson', ndjson({ resourceType: 'Patient' }));

  it.each([429, 503, 'reset'] as const)(
    'sends what may be repeated again after %s',
    async (failure) => {
      answers = [failure];

      expect(counts(await run([withId()], { baseUrl, attempts: 2 }))).toMatchObject({
        loaded: { Patient: 1 },
        uncertain: 0,
      });
      expect(received).toHaveLength(2);
    },
  );

  it.each([503, 'reset'] as const)(
    'never sends twice what would be there twice: %s',
    async (failure) => {
      answers = [failure];
      const files = [withoutId()];

      const cut = await run(files, { baseUrl, attempts: 5 });
      expect(counts(cut)).toEqual({ loaded: {}, refused: 0, before: 0, uncertain: 1 });
      expect(counts(await run(files, { baseUrl }))).toMatchObject({ uncertain: 1 });
      expect(received).toHaveLength(1);

      const repeated = await run(files, { baseUrl, repeatsUncertain: true });
      expect(counts(repeated)).toMatchObject({ loaded: { Patient: 1 }, uncertain: 0 });
    },
  );

  it('ends when the credential is refused, and goes on with another', async () => {
    answers = Array.from({ length: 3 }, () => 401);
    const files = Array.from({ length: 9 }, (_, at) =>
      file(`${at}.ndjson`, ndjson(patient(`c${at}`))),
    );

    const refused = await run(files, { baseUrl, attempts: 5 });
    expect(refused.refusals.every(({ status }) => status === 401)).toBe(true);
    // As many as were under way.
    expect(received.length).toBeLessThanOrEqual(3);
    answers = [];
    expect(counts(await run(files, { baseUrl }))).toMatchObject({ loaded: { Patient: 9 } });
  });

  it('sends it again where the server has done nothing', async () => {
    answers = [429, 400];
    const files = [withoutId()];

    expect(counts(await run(files, { baseUrl, attempts: 2 }))).toMatchObject({ refused: 1 });
    expect(counts(await run(files, { baseUrl }))).toMatchObject({ loaded: { Patient: 1 } });
    expect(received).toHaveLength(3);
  });

  it('goes on behind a journal whose last line was cut', async () => {
    const files = [withId(), withoutId()];
    await run(files, { baseUrl });
    const journal = join(home, 'journal');
    const whole = readFileSync(journal, 'utf8');
    writeFileSync(journal, whole.slice(0, -30));

    const tally = await run(files, { baseUrl });
    expect(tally.skippedCount + tally.uncertainties.length + tally.loadedCount).toBe(2);
    expect(counts(await run(files, { baseUrl })).before).toBeGreaterThanOrEqual(1);
  });
});
