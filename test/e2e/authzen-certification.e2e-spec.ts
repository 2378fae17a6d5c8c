import { readFileSync } from 'node:fs';
import { as, setAuthzenScene } from '../support/authzen.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

interface Vector {
  readonly name: string;
  readonly path: '/access/v1/evaluation' | '/access/v1/evaluations';
  readonly body: unknown;
  readonly status: number;
  /** What the answer holds at least. */
  readonly answer?: object;
}

const vectors = JSON.parse(
  readFileSync('test/vectors/authzen/certification.json', 'utf8'),
) as readonly Vector[];

describe('the certification scenario of AuthZEN', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await startTestApp();
    await setAuthzenScene(app);
  });
  afterAll(async () => {
    await app.stop();
  });

  it.each(vectors)('$name', async ({ path, body, status, answer }) => {
    const reply = await app.call('POST', path, { body, headers: as('pep') });

    expect(reply.status).toBe(status);
    if (answer) expect(reply.json).toMatchObject(answer);
    if (status === 200) expect(reply.headers.get('content-type')).toMatch(/^application\/json/);
  });

  it('says where it is asked', async () => {
    const { status, headers, json } = await app.call('GET', '/.well-known/authzen-configuration');

    expect(status).toBe(200);
    expect(headers.get('content-type')).toMatch(/^application\/json/);
    expect(json).toEqual({
      policy_decision_point: app.baseUrl,
      access_evaluation_endpoint: `${app.baseUrl}/access/v1/evaluation`,
      access_evaluations_endpoint: `${app.baseUrl}/access/v1/evaluations`,
    });
  });
});
