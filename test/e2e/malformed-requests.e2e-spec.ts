import { readFileSync } from 'node:fs';
import { exchange, rawCall, type RawReply, type RawRequest } from '../support/raw-http.js';
import { RecordingLogger } from '../support/recording-logger.js';
import { basic, ROOT_SECRET, startTestApp, type TestApp } from '../support/test-app.js';

/** A start makes a database and an application. */
const START_TIMEOUT_MS = 60_000;

/** A request of which every part is sent as it stands, by the root Client. */
interface RequestVector extends RawRequest {
  readonly name: string;
  readonly bytesBase64?: string;
  /** Bytes of a body that is nothing but padding. */
  readonly fill?: number;
  readonly status: number;
  readonly code?: string;
  readonly message?: string;
}

/** Bytes on a connection; `{root}` stands for the credential of the root Client. */
interface MessageVector {
  readonly name: string;
  readonly message: string;
  readonly status: number;
}

function read(name: string): unknown {
  const file = new URL(`../vectors/malformed/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8'));
}

const requests = read('requests') as readonly RequestVector[];
const messages = read('messages') as readonly MessageVector[];
const ROOT = basic('root', ROOT_SECRET);

describe('a malformed request', () => {
  const logger = new RecordingLogger();
  let app: TestApp;

  beforeAll(async () => {
    app = await startTestApp({ BOX_WEB_MAX_BODY: '1048576' }, undefined, logger);
    await app.put('/fhir/Patient/p1', { resourceType: 'Patient', id: 'p1', active: true });
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    await app.stop();
  });

  it.each(requests)('$name', async (vector) => {
    const { headers = [], status, code, message = '' } = vector;

    const reply = await rawCall(app.baseUrl, {
      ...vector,
      headers: [['Authorization', ROOT], ...headers],
      ...bodyOf(vector),
    });

    expect({ status: reply.status, code: outcomeCode(reply) }).toEqual({
      status,
      code: code ?? outcomeCode(reply),
    });
    expect(reply.text).toContain(message);
    if (status >= 400) expectOutcome(reply);
  });

  it.each(messages)('$name', async ({ message, status }) => {
    const bytes = Buffer.from(message.replaceAll('{root}', ROOT), 'latin1');

    const replies = await exchange(app.baseUrl, bytes);

    // A second answer would be to a request that was hidden in the first.
    expect(replies.map((reply) => reply.status)).toEqual([status]);
    for (const reply of replies) if (status >= 400) expectOutcome(reply);
  });

  it('had no effect', async () => {
    const patients = await app.call('GET', '/fhir/Patient', { asRoot: true });
    const roles = await app.call('GET', '/fhir/Role', { asRoot: true });

    expect(patients.json).toMatchObject({ total: 1 });
    expect(patients.json?.['entry']).toMatchObject([{ resource: { id: 'p1', active: true } }]);
    expect(roles.json).toMatchObject({ total: 0 });
    expect(({} as Record<string, unknown>)['active']).toBeUndefined();
  });

  it('is no failure of the server', () => {
    expect(logger.lines.filter((line) => line.includes('FhirErrorFilter'))).toEqual([]);
  });
});

function bodyOf({ bytesBase64, fill }: RequestVector): Pick<RawRequest, 'body'> {
  if (bytesBase64 !== undefined) return { body: Buffer.from(bytesBase64, 'base64') };
  return fill === undefined ? {} : { body: `# ${'x'.repeat(fill - 2)}` };
}

function outcomeCode({ status, text }: RawReply): string | undefined {
  if (status < 400) return undefined;
  const { issue } = JSON.parse(text) as { issue: { code: string }[] };
  return issue[0]?.code;
}

function expectOutcome({ headers, text }: RawReply): void {
  expect(headers.get('content-type')).toEqual(['application/fhir+json; charset=utf-8']);
  expect(headers.get('x-request-id')).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/)]);
  expect(headers.get('x-content-type-options')).toEqual(['nosniff']);
  expect(JSON.parse(text)).toMatchObject({
    resourceType: 'OperationOutcome',
    issue: [{ severity: 'error' }],
  });
  expect(text).not.toMatch(
    /node_modules|\.js:|\.ts:|\n\s+at |Fastify|Nest|FST_|HPE_|TypeError|stack/,
  );
}
