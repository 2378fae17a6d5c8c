import {
  messageOf,
  problems,
  startChecking,
  stepsOf,
  SYSTEM,
  type Checking,
} from '../support/checking.js';
import type { JwksServer } from '../support/jwks-server.js';
import type { TestApp } from '../support/test-app.js';
import { accessClaims, rsaKey, secretKey, signJwt } from '../support/token-signer.js';

const ENCRYPTED_HEADER = Buffer.from('{"alg":"dir","enc":"A256GCM"}').toString('base64url');

describe('the check of a token', () => {
  let checking: Checking;
  let app: TestApp;
  let issuer: JwksServer;

  beforeAll(async () => {
    checking = await startChecking();
    ({ app, issuer } = checking);
  });
  beforeEach(() => checking.reset());
  afterAll(() => checking.stop());

  const check = (token?: string, id?: string) => checking.check(token, id);
  const weak = rsaKey('weak', 'RS256', 1024);

  describe('says what is wrong with a token', () => {
    const now = () => Math.floor(Date.now() / 1000);

    it.each([
      ['it expired', () => checking.token({ exp: now() - 600 }), 'time: expired', / 60\d s ago/],
      ['it is too early', () => checking.token({ nbf: now() + 600 }), 'time: not-yet-valid', /NTP/],
      [
        'a clock is off',
        () => checking.token({ iat: now() + 600 }),
        'time: issued-in-future',
        /clock_skew/,
      ],
      [
        'it has no exp',
        () => checking.token({ exp: undefined }),
        'time: missing-exp',
        /exp_required/,
      ],
      [
        'it has another audience',
        () => checking.token({ aud: 'account' }),
        'audience: wrong-audience',
        /"account".*Audience mapper/,
      ],
      [
        'it has no audience',
        () => checking.token({ aud: undefined }),
        'audience: wrong-audience',
        /Audience mapper.*lightweight/,
      ],
      [
        'it is of Cognito',
        () => checking.token({ aud: undefined, token_use: 'access', client_id: 'c' }),
        'audience: wrong-audience',
        /Cognito/,
      ],
      [
        'it is an ID token',
        () => checking.token({ at_hash: 'x' }),
        'purpose: id-token',
        /access token/,
      ],
      [
        'it is a refresh token',
        () => checking.token({ typ: 'Refresh' }),
        'purpose: refresh-token',
        /access token/,
      ],
      [
        'its typ is another',
        () => checking.token({}, { typ: 'secevent+jwt' }),
        'purpose: wrong-type',
        /"secevent\+jwt"/,
      ],
      [
        'its key is unknown',
        () => checking.token({}, { kid: 'k2' }),
        'signature: unknown-key',
        /"k2".*"k1".*jwks_uri/,
      ],
      [
        'its algorithm is none',
        () => checking.token({}, { alg: 'none' }),
        'signature: wrong-algorithm',
        /"none"/,
      ],
      [
        'a public key is to be its secret',
        () => signJwt(secretKey(checking.key.pem), accessClaims(issuer.issuer)),
        'signature: wrong-algorithm',
        /shared secret/,
      ],
      [
        'another key signed it',
        () => signJwt(rsaKey('k1'), accessClaims(issuer.issuer)),
        'signature: wrong-signature',
        /another realm/,
      ],
      ['it is encrypted', () => `${ENCRYPTED_HEADER}..c.d.e`, 'token: encrypted', /JWE/],
      ['it is opaque', () => 'opaque', 'token: malformed', /type opaque/],
      [
        'the scheme is part of it',
        () => `Bearer ${checking.token()}`,
        'token: malformed',
        /Send what follows/,
      ],
    ])('when %s', async (_what, token, problem, words) => {
      const reply = await check(token());

      expect(problems(reply)).toEqual([problem]);
      expect(messageOf(reply, problem.split(':')[0] ?? '')).toMatch(words);
    });

    it('when its key is too weak', async () => {
      issuer.keys = [checking.key.jwk, weak.jwk];

      const reply = await check(checking.token({}, { kid: 'weak' }));

      expect(problems(reply)).toEqual(['signature: unknown-key']);
      expect(messageOf(reply, 'signature')).toContain('1024 bit');
    });

    it('all that is wrong with it at once', async () => {
      const reply = await check(checking.token({ exp: 1, aud: 'x' }, { kid: 'k2' }));

      expect(problems(reply)).toEqual([
        'time: expired',
        'audience: wrong-audience',
        'signature: unknown-key',
      ]);
    });

    it.each([
      ['the slash at the end', (iss: string) => `${iss}/`],
      ['http and https', (iss: string) => iss.replace('http:', 'https:')],
      ['the host', (iss: string) => iss.replace('127.0.0.1', 'localhost')],
      ['the path', (iss: string) => `${iss}/realms/other`],
    ])('when its issuer differs by %s', async (words, change) => {
      const reply = await check(checking.token({ iss: change(issuer.issuer) }));

      expect(problems(reply)).toEqual(['routing: unknown-issuer', 'issuer: unknown-issuer']);
      expect(messageOf(reply, 'issuer')).toContain(words);
    });
  });

  it('says that a bound token needs a proof, and refuses what binds it in an unknown way', async () => {
    const bound = await check(checking.token({ cnf: { jkt: 'a'.repeat(43) } }));
    const unknown = await check(checking.token({ cnf: { kid: 'k' } }));

    expect(bound.json?.['ok']).toBe(true);
    expect(stepsOf(bound)).toContainEqual(expect.objectContaining({ code: 'proof-needed' }));
    expect(problems(unknown)).toEqual(['possession: unknown-confirmation']);
  });

  describe('says whom a token speaks for', () => {
    const userOf = async (claims: object) => {
      const reply = await check(checking.token(claims));
      return stepsOf(reply).filter(({ step }) => step === 'user' || step === 'roles');
    };

    it('a User by its identifier, with its roles', async () => {
      await app.put('/User/ada', { identifier: [{ system: SYSTEM, value: 'ada-sub' }] });
      await app.put('/Role/r1', { name: 'doctor', user: { reference: 'User/ada' } });

      const [user, roles] = await userOf({ sub: 'ada-sub' });

      expect(user).toMatchObject({
        code: 'user-found',
        message: expect.stringContaining('User/ada'),
      });
      expect(roles).toMatchObject({
        code: 'roles-found',
        message: 'Its roles are "doctor" (1 stored, 0 from the token)',
      });
    });

    it.each([
      ['one that is protected', { box_user: 'admin' }, 'user-protected', false],
      ['one that is inactive', { box_user: 'sleeper' }, 'user-inactive', false],
      ['one that does not exist', { box_user: 'nobody' }, 'user-unknown', true],
      ['nobody without a sub', { sub: undefined }, 'no-user', true],
    ])('%s, as a request with it finds out', async (_what, claims, code, isAccepted) => {
      await app.put('/User/sleeper', { inactive: true });
      const token = checking.token(claims);

      const reply = await check(token);
      const request = await app.call('GET', '/fhir/Patient', { token });

      expect(stepsOf(reply).find(({ step }) => step === 'user')?.code).toBe(code);
      expect(reply.json?.['ok']).toBe(isAccepted);
      // Authenticated, and no policy allows it; or not authenticated.
      expect(request.status).toBe(isAccepted ? 403 : 401);
    });
  });
});
