import { rm, writeFile } from 'node:fs/promises';
import { problems, stepsOf } from '../support/checking.js';
import {
  startIntrospectionEndpoint,
  type IntrospectionEndpoint,
} from '../support/introspection-endpoint.js';
import {
  FIRST,
  referenceTo,
  startWithSecretFiles,
  type SecretFiles,
} from '../support/secret-files.js';
import { accessClaims, secretKey, signJwt } from '../support/token-signer.js';

const ISSUER = 'https://keys.example';
const TOKEN = 'opaque-token-of-somebody';
const KEPT = 'a key that Wardgate holds by itself';

let files: SecretFiles;
let endpoint: IntrospectionEndpoint;

beforeAll(async () => {
  files = await startWithSecretFiles();
  endpoint = await startIntrospectionEndpoint();
  endpoint.answers.set(TOKEN, { active: true, exp: Math.floor(Date.now() / 1000) + 300 });
  const key = { kty: 'OCT', alg: 'HS256', format: 'plain' };
  await files.app.put('/fhir/TokenIntrospector/keys', {
    type: 'jwt',
    jwt: {
      iss: ISSUER,
      keys: [
        { ...key, _k: referenceTo('late') },
        { ...key, k: KEPT },
      ],
    },
  });
  await files.app.put('/fhir/TokenIntrospector/opaque', {
    type: 'opaque',
    introspection_endpoint: { url: endpoint.url, _authorization: referenceTo('late') },
  });
});
beforeEach(async () => {
  endpoint.asked.length = 0;
  await rm(files.file('late'), { force: true });
});
afterAll(async () => {
  await files.stop();
  await endpoint.stop();
});

const jwt = () => signJwt(secretKey(KEPT), accessClaims(ISSUER));
const check = (id: string, token?: string) =>
  files.root(token ? 'POST' : 'GET', `/TokenIntrospector/${id}/$check`, token && { token });
const request = (token: string) => files.app.call('GET', '/fhir/Basic', { token });
const holding = async (text: string | undefined) => {
  if (text !== undefined) await writeFile(files.file('late'), text);
  await files.root('POST', '/$drop-cache');
};

describe('the check of an introspector whose secret lies in a file', () => {
  it('fails with the file, whatever other keys could verify', async () => {
    await holding(undefined);
    expect((await request(jwt())).status).toBe(503);

    expect(problems(await check('keys', jwt()))).toEqual(['keys: no-secret']);

    await holding(FIRST);
    expect((await check('keys', jwt())).json?.['ok']).toBe(true);
    expect((await request(jwt())).status).toBe(200);
  });

  it.each([
    ['is not there', undefined],
    ['holds what is no header', 'Basic first\nBasic second'],
  ])('hands the endpoint nobody’s token while the file %s', async (_what, text) => {
    await holding(text);
    expect((await request(TOKEN)).status).toBe(503);

    expect(problems(await check('opaque', TOKEN))).toEqual(['endpoint: no-secret']);
    expect(problems(await check('opaque'))).toEqual(['endpoint: no-secret']);

    expect(endpoint.asked).toEqual([]);
    await holding('Basic first');
    const codes = stepsOf(await check('opaque', TOKEN)).map(({ code }) => code);
    expect(codes).toEqual(expect.arrayContaining(['endpoint-answers', 'token-active']));
    expect(endpoint.asked.map(({ headers }) => headers['authorization'])).toEqual(['Basic first']);
  });
});
