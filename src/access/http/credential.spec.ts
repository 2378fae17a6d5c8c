import { FhirError } from '../../errors/fhir-error.js';
import { readCredential } from './credential.js';

const BEARER = 'Bearer realm="fhir", error="invalid_token"';
const BASIC = 'Basic realm="fhir"';

function read(...authorizations: string[]) {
  const rawHeaders = authorizations.flatMap((value) => ['Authorization', value]);
  return readCredential({ rawHeaders: ['Host', 'authorization', ...rawHeaders], queryParams: {} });
}

function failure(attempt: () => unknown): FhirError {
  try {
    attempt();
  } catch (error) {
    if (error instanceof FhirError) return error;
    throw error;
  }
  throw new Error('The credential was accepted');
}

function basic(pair: string | Uint8Array): string {
  return `Basic ${Buffer.from(pair).toString('base64')}`;
}

describe('readCredential', () => {
  it('finds none', () => {
    expect(read()).toEqual({ scheme: 'none' });
  });

  it.each(['Bearer a.b-c_d~e+f/g==', 'bearer  a.b-c_d~e+f/g==', ' BEARER a.b-c_d~e+f/g== '])(
    'reads %j',
    (header) => {
      expect(read(header)).toEqual({ scheme: 'bearer', token: 'a.b-c_d~e+f/g==' });
    },
  );

  it.each(['DPoP a.b-c_d~e+f/g==', 'dpop  a.b-c_d~e+f/g=='])('reads %j', (header) => {
    expect(read(header)).toEqual({ scheme: 'dpop', token: 'a.b-c_d~e+f/g==' });
  });

  it.each(['DPoP', 'DPoP a b', 'DPoP a, DPoP a'])('refuses %j with a DPoP challenge', (header) => {
    const error = failure(() => read(header));

    expect(error.status).toBe(401);
    expect(error.headers['WWW-Authenticate']).toEqual([
      expect.stringMatching(/^DPoP realm="fhir", error="invalid_token", algs="[\w ]*ES256[\w ]*"$/),
    ]);
  });

  it.each([
    ['root:s3cret', 'root', 's3cret'],
    ['root:a:b', 'root', 'a:b'],
    ['jürgen:geheim€', 'jürgen', 'geheim€'],
  ])('reads the Basic pair %j', (pair, clientId, secret) => {
    expect(read(basic(pair))).toEqual({ scheme: 'basic', clientId, secret });
  });

  it('reads Basic without padding, whatever the case of the scheme', () => {
    expect(read('bAsIc cm9vdDpz')).toEqual({ scheme: 'basic', clientId: 'root', secret: 's' });
    expect(read('Basic cm9vdDpzMw')).toEqual({ scheme: 'basic', clientId: 'root', secret: 's3' });
  });

  it.each([
    'Bearer',
    'Bearer ',
    'Bearer a b',
    'Bearer a,b',
    'Bearer =',
    'Bearer é',
    'Bearer a, Bearer b',
  ])('refuses %j with a Bearer challenge', (header) => {
    const error = failure(() => read(header));

    expect(error.status).toBe(401);
    expect(error.headers['WWW-Authenticate']).toEqual([BEARER]);
  });

  it.each([
    ['nothing', 'Basic'],
    ['no base64', 'Basic ro~t'],
    ['base64 cut short', 'Basic cm9vd'],
    ['no colon', basic('root')],
    ['no id', basic(':secret')],
    ['no secret', basic('root:')],
    ['a control character', basic('root:a\0b')],
    ['what is not UTF-8', basic(Uint8Array.of(0x61, 0x3a, 0xff))],
  ])('refuses Basic with %s with a Basic challenge', (_, header) => {
    const error = failure(() => read(header));

    expect(error.status).toBe(401);
    expect(error.headers['WWW-Authenticate']).toEqual([BASIC]);
  });

  it.each(['', 'Digest username="a"', 'Token abc', 'abc', 'Bearer\tabc', ': x'])(
    'refuses %j with both challenges',
    (header) => {
      const error = failure(() => read(header));

      expect(error.status).toBe(401);
      expect(error.headers['WWW-Authenticate']).toEqual([BEARER, BASIC]);
    },
  );

  it('refuses a header longer than 16 KiB', () => {
    expect(read(`Bearer ${'a'.repeat(16_377)}`)).toMatchObject({ scheme: 'bearer' });
    expect(failure(() => read(`Bearer ${'a'.repeat(16_378)}`)).status).toBe(401);
  });

  it('refuses a second Authorization header, equal or not, however it is spelt', () => {
    const rawHeaders = ['authorization', 'Bearer a', 'AUTHORIZATION', 'Bearer a'];

    expect(failure(() => readCredential({ rawHeaders, queryParams: {} })).status).toBe(400);
    expect(failure(() => read('Bearer a', basic('root:s'))).status).toBe(400);
  });

  it('refuses a token in the query, alone or beside a header', () => {
    const queryParams = { access_token: 'x' };

    expect(failure(() => readCredential({ rawHeaders: [], queryParams })).status).toBe(400);
    expect(
      failure(() => readCredential({ rawHeaders: ['Authorization', 'Bearer a'], queryParams }))
        .status,
    ).toBe(400);
  });

  describe('in a cookie', () => {
    const rule = { name: '.ASPXAUTH', method: 'POST', trustedOrigins: ['https://gate'] };
    const readCookie = (cookie: string, ...others: string[]) =>
      readCredential({ rawHeaders: ['Cookie', cookie, ...others], queryParams: {} }, rule);

    it('counts only where it is asked for', () => {
      expect(readCookie('x=1; .ASPXAUTH=AB12')).toMatchObject({
        scheme: 'aspxauth',
        cookie: 'AB12',
      });
      expect(readCookie('.aspxauth=AB12')).toEqual({ scheme: 'none' });
      expect(readCredential({ rawHeaders: ['Cookie', '.ASPXAUTH=AB12'], queryParams: {} })).toEqual(
        { scheme: 'none' },
      );
    });

    it('says whether a foreign page may have sent it', () => {
      const isCrossSite = (...others: string[]): unknown =>
        Reflect.get(readCookie('.ASPXAUTH=AB12', ...others), 'isCrossSite');

      expect(isCrossSite('Origin', 'https://gate')).toBe(false);
      expect(isCrossSite('Origin', 'https://evil')).toBe(true);
      expect(isCrossSite()).toBe(true);
    });

    it('is refused twice, and beside an Authorization header', () => {
      for (const attempt of [
        () => readCookie('.ASPXAUTH=a; .ASPXAUTH=a'),
        () => readCookie('.ASPXAUTH=a', 'cookie', '.ASPXAUTH=a'),
        () => readCookie('.ASPXAUTH=a', 'Authorization', 'Bearer a'),
        () => readCookie('.ASPXAUTH=a', 'Authorization', 'nonsense'),
      ]) {
        expect(failure(attempt).status).toBe(400);
      }
    });

    it.each(['.ASPXAUTH=', '.ASPXAUTH="a"', '.ASPXAUTH=a b', '.ASPXAUTH=a,b', '.ASPXAUTH=ä'])(
      'is refused as %j, and not passed over',
      (cookie) => {
        const error = failure(() => readCookie(cookie));

        expect([error.status, error.headers['WWW-Authenticate']]).toEqual([401, [BEARER]]);
      },
    );
  });

  it('never repeats the credential', () => {
    const error = failure(() => read('Digest hunter2'));

    expect(JSON.stringify([error.message, error.issues, error.headers])).not.toContain('hunter2');
  });
});
