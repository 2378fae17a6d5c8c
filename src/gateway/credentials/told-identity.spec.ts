import { generateKeyPairSync } from 'node:crypto';
import { decodeJwt } from 'jose';
import type { GuardedRequest } from '../../access/guarded-request.js';
import { NOBODY } from '../upstream/nobody.js';
import { SignedIdentity } from './told-identity.js';

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const PEM = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const BOB = { resourceType: 'User', id: 'bob' };
const BOB_CLIENT = { resourceType: 'Client', id: 'bob' };

function identity(pem: string | undefined): SignedIdentity {
  return new SignedIdentity('https://wardgate.example', 'http://upstream/fhir', () => pem);
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
    const { 'x-wardgate-identity': token = '' } = await identity(PEM).headers(asked(by));

    expect(decodeJwt(token).sub).toBe(subject);
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
