import { generateKeyPairSync } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import type { GuardedRequest } from '../../access/guarded-request.js';
import { NOBODY } from '../upstream/nobody.js';
import { SignedIdentity } from './told-identity.js';

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const PEM = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const BOB = { resourceType: 'User', id: 'bob' };
const BOB_CLIENT = { resourceType: 'Client', id: 'bob' };

let nowMs = 0;

function identity(pem: string | undefined): SignedIdentity {
  return identityBy(() => pem);
}

function identityBy(current: () => string | undefined): SignedIdentity {
  const [issuer, audience] = ['https://wardgate.example', 'http://upstream/fhir'];
  return new SignedIdentity(issuer, audience, current, () => nowMs);
}

async function tokenFor(
  of: SignedIdentity,
  by: Partial<GuardedRequest['caller']>,
): Promise<string> {
  return (await of.headers(asked(by)))['x-wardgate-identity'] ?? '';
}

function asked(by: Partial<GuardedRequest['caller']>): GuardedRequest {
  return { ...NOBODY, caller: { ...NOBODY.caller, ...by } };
}

describe('who asks, in a JWT', () => {
  it.each([
    ['a User through a Client', { user: BOB, client: BOB_CLIENT }, 'User/bob'],
    ['a Client with the id of a User', { client: BOB_CLIENT }, 'Client/bob'],
    ['nobody', {}, 'anonymous'],
  ])('is named with its type: %s', async (_name, by, subject) => {
    expect(decodeJwt(await tokenFor(identity(PEM), by)).sub).toBe(subject);
  });

  it('is signed once for what the same caller asks within half of its time', async () => {
    const one = identity(PEM);
    const first = await tokenFor(one, { user: BOB });
    nowMs += 29_999;
    expect(await tokenFor(one, { user: { ...BOB } })).toBe(first);

    nowMs += 1;
    const second = await tokenFor(one, { user: BOB });
    expect(second).not.toBe(first);
    expect(await tokenFor(one, { user: BOB })).toBe(second);
  });

  it.each([
    ['another User', { user: { ...BOB, id: 'alice' } }],
    ['another Client', { user: BOB, client: BOB_CLIENT }],
    ['another role', { user: BOB, roles: [{ resourceType: 'Role', name: 'nurse' }] }],
    ['another fhirUser', { user: { ...BOB, fhirUser: { reference: 'Patient/p1' } } }],
  ])('is signed anew for %s', async (_name, by) => {
    const one = identity(PEM);
    const first = await tokenFor(one, { user: BOB });

    expect(decodeJwt(await tokenFor(one, by))).not.toEqual(decodeJwt(first));
    expect(await tokenFor(one, { user: BOB })).toBe(first);
  });

  it('is signed anew by another key', async () => {
    const other = generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey;
    let pem = PEM;
    const one = identityBy(() => pem);
    const first = await tokenFor(one, { user: BOB });
    pem = other.export({ type: 'pkcs8', format: 'pem' }).toString();

    const kid = decodeProtectedHeader(await tokenFor(one, { user: BOB })).kid;
    expect(kid).not.toBe(decodeProtectedHeader(first).kid);
    expect(await one.publicKeys()).toMatchObject([{ kid }]);
  });

  it.each([
    ['missing', undefined],
    ['broken', PEM.slice(0, 60)],
    ['empty', ''],
  ])('is a 502 while its key is %s', async (_name, pem) => {
    await expect(identity(pem).headers(NOBODY)).rejects.toMatchObject({ status: 502 });
    await expect(identity(pem).publicKeys()).rejects.toMatchObject({ status: 502 });
  });
});
