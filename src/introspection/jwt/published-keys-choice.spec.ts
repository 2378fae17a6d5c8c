import { first, PublishedKeys, second } from '../../../test/support/published-keys.js';
import { accessClaims, signJwt } from '../../../test/support/token-signer.js';
import { IntrospectionUnavailable } from '../errors.js';

const at = new PublishedKeys();

beforeEach(() => at.start());
afterEach(() => at.stop());

describe('choosing among published keys', () => {
  it('refuses two keys of one kid', async () => {
    at.server.keys = [first.jwk, { ...second.jwk, kid: 'first' }];

    await expect(at.fixture.refusals(at.token(first))).resolves.toEqual(['ambiguous-key']);
  });

  it('takes the only key that fits a token without kid, and refuses several', async () => {
    const anonymous = { ...first, kid: undefined };
    await expect(at.fixture.refusals(at.token(anonymous))).resolves.toEqual([]);

    at.server.keys = [first.jwk, second.jwk];
    at.fixture.clock.advance(60);
    await expect(at.fixture.refusals(at.token(anonymous))).resolves.toEqual(['ambiguous-key']);
  });

  it.each([
    ['for encryption', { use: 'enc' }],
    ['for wrapping', { key_ops: ['wrapKey'] }],
    ['for another algorithm', { alg: 'ES384' }],
  ])('leaves out a key %s', async (_purpose, members) => {
    at.server.keys = [{ ...first.jwk, ...members }, second.jwk];

    await expect(at.fixture.refusals(at.token(first))).resolves.toEqual(['unknown-key']);
    await expect(at.fixture.refusals(at.token(second))).resolves.toEqual([]);
  });

  it('leaves out symmetric keys and keys that it cannot read', async () => {
    const secret = { kty: 'oct', kid: 'secret', alg: 'HS256', k: 'c2VjcmV0' };
    at.server.keys = [secret, { kty: 'EC', kid: 'broken' }, { kty: 'new' }, first.jwk];
    const hmac = { ...first, alg: 'HS256', privateKey: 'secret', kid: 'secret' };

    await expect(at.fixture.refusals(at.token(hmac))).resolves.toEqual(['wrong-algorithm']);
    await expect(at.fixture.refusals(at.token(first))).resolves.toEqual([]);
  });
});

describe('discovery', () => {
  beforeEach(() => {
    const jwt = { iss: at.server.issuer };
    at.fixture.introspectors.set({ id: 'i', type: 'jwt', jwt });
  });

  it('finds the keys of an issuer by its name', async () => {
    const signed = signJwt(first, accessClaims(at.server.issuer, at.fixture.clock.now()));

    await expect(at.fixture.refusals(signed)).resolves.toEqual([]);
  });

  it('refuses a document that names another issuer', async () => {
    at.server.mode = 'other-issuer';
    const signed = signJwt(first, accessClaims(at.server.issuer, at.fixture.clock.now()));

    await expect(at.fixture.refusals(signed)).rejects.toThrow(IntrospectionUnavailable);
  });
});
