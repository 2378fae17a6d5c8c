import { rsaKey, signJwt, type SigningKey } from '../support/token-signer.js';

/** Secret of the root Client of a benchmark's server. */
export const ROOT_SECRET = 'bench-root-secret-of-some-length';

/** The issuer whose tokens the benchmark sends. */
export const ISSUER = 'https://issuer.bench.example';

/** What is read: a Patient of ordinary size. */
export const PATIENT_PATH = '/fhir/Patient/bench';

/** Users that tokens resolve to. */
export const USERS = 100;

const LIFETIME_SECONDS = 3600;

/** Tokens of {@link USERS} users, each with an identifier of its own, signed by the issuer's one key. */
export function makeTokens(count: number, key: SigningKey): readonly string[] {
  const now = Math.floor(Date.now() / 1000);
  return Array.from({ length: count }, (_, at) =>
    signJwt(key, {
      iss: ISSUER,
      sub: `user-${at % USERS}`,
      jti: `${process.pid}-${at}-${performance.now()}`,
      iat: now,
      exp: now + LIFETIME_SECONDS,
    }),
  );
}

/** The key of the issuer. */
export function issuerKey(): SigningKey {
  return rsaKey('bench');
}

/** Writes what the requests of the benchmark need: introspector, users, roles, policies and the Patient. */
export async function prepare(baseUrl: string, key: SigningKey): Promise<void> {
  const put = (path: string, body: object) => putAsRoot(baseUrl, path, body);
  await put('/fhir/TokenIntrospector/bench', {
    type: 'jwt',
    jwt: { iss: ISSUER, keys: [{ kty: 'RSA', alg: 'RS256', format: 'PEM', pub: key.pem }] },
  });
  await put('/fhir/AccessPolicy/bench', {
    engine: 'matcho',
    roleName: 'reader',
    matcho: {
      'request-method': 'get',
      jwt: { iss: ISSUER },
      params: { 'resource/type': 'Patient' },
    },
  });
  for (let at = 0; at < USERS; at += 1) {
    await put(`/fhir/User/user-${at}`, { userName: `user-${at}`, data: { ward: `w${at % 7}` } });
    await put(`/fhir/Role/role-${at}`, { name: 'reader', user: { reference: `User/user-${at}` } });
  }
  await put(PATIENT_PATH, PATIENT);
}

/** Writes a resource as the root Client, and fails on any answer but 2xx. */
export async function putAsRoot(baseUrl: string, path: string, body: object): Promise<void> {
  const authorization = `Basic ${Buffer.from(`root:${ROOT_SECRET}`).toString('base64')}`;
  const response = await fetch(`${baseUrl}${path}`, {
    method: 'PUT',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
}

const PATIENT = {
  resourceType: 'Patient',
  id: 'bench',
  identifier: [{ system: 'urn:oid:1.2.36.146.595.217.0.1', value: '12345' }],
  active: true,
  name: [{ use: 'official', family: 'Chalmers', given: ['Peter', 'James'] }],
  telecom: [{ system: 'phone', value: '(03) 5555 6473', use: 'work', rank: 1 }],
  gender: 'male',
  birthDate: '1974-12-25',
  address: [{ use: 'home', line: ['534 Erewhon St'], city: 'PleasantVille', postalCode: '3999' }],
  contact: [{ name: { family: 'du Marché', given: ['Bénédicte'] }, gender: 'female' }],
  text: {
    status: 'generated',
    div: `<div xmlns="http://www.w3.org/1999/xhtml">${'x'.repeat(600)}</div>`,
  },
};
