import { MAX_TOKEN_LENGTH, parseJwt, tokenDigest } from './jwt.js';

const encode = (text: string): string => Buffer.from(text).toString('base64url');
const token = (header: unknown, claims: unknown = {}, signature = 'AAAA'): string =>
  [encode(JSON.stringify(header)), encode(JSON.stringify(claims)), signature].join('.');
const good = { alg: 'RS256' };

describe('parseJwt', () => {
  it('reads the header, as far as it counts, and all claims', () => {
    expect(parseJwt(token({ ...good, kid: 'k', typ: 'JWT', jku: 'x' }, { iss: 'i' }))).toEqual({
      header: { alg: 'RS256', kid: 'k', typ: 'JWT' },
      claims: { iss: 'i' },
    });
    expect(parseJwt(token(good))).toEqual({
      header: { alg: 'RS256', kid: undefined, typ: undefined },
      claims: {},
    });
  });

  it.each<[string, string, string]>([
    ['no JWT', 'opaque', 'malformed'],
    ['nothing', '', 'malformed'],
    ['two parts', token(good).split('.').slice(0, 2).join('.'), 'malformed'],
    ['four parts', `${token(good)}.AAAA`, 'malformed'],
    ['six parts', `${encode('{"alg":"dir","enc":"A128GCM"}')}.a.b.c.d.e`, 'malformed'],
    ['no signature', token(good, {}, ''), 'malformed'],
    ['no claims', `${encode('{"alg":"RS256"}')}..AAAA`, 'malformed'],
    ['a header of padding', token(good).replace('.', '=.'), 'malformed'],
    ['a signature that is spelt otherwise', token(good, {}, 'AB'), 'malformed'],
    ['claims that are spelt otherwise', token(good).replace(/\.[^.]*\./, '.e30=.'), 'malformed'],
    ['a header that is no object', token([]), 'malformed'],
    ['a header without alg', token({ typ: 'JWT' }), 'malformed'],
    ['an alg that is no text', token({ alg: 1 }), 'malformed'],
    ['a kid that is no text', token({ ...good, kid: 1 }), 'malformed'],
    ['a typ that is no text', token({ ...good, typ: ['JWT'] }), 'malformed'],
    ['claims that are no object', token(good, []), 'malformed'],
    ['an extension', token({ ...good, crit: ['exp'] }), 'critical-extension'],
    ['an empty list of extensions', token({ ...good, crit: [] }), 'critical-extension'],
    ['an unencoded payload', token({ ...good, b64: false }), 'critical-extension'],
    ['an encrypted token', `${encode('{"alg":"dir","enc":"A128GCM"}')}.a.b.c.d`, 'encrypted'],
    ['five parts that say not how', `${encode('{"alg":"dir"}')}.a.b.c.d`, 'malformed'],
    ['five parts without alg', `${encode('{"enc":"A128GCM"}')}.a.b.c.d`, 'malformed'],
    ['five parts without a header', '.a.b.c.d', 'malformed'],
  ])('refuses %s', (_what, text, code) => {
    expect(parseJwt(text)).toBe(code);
  });

  it('refuses what is too long, and takes what is just not', () => {
    const rest = token(good).length - 4;
    const long = (length: number): string => token(good, {}, 'A'.repeat(length - rest));
    // No signature has a length of 1 more than a multiple of 4.
    const most = MAX_TOKEN_LENGTH - ((MAX_TOKEN_LENGTH - rest) % 4);

    expect(parseJwt(long(most))).toMatchObject({ header: good });
    expect(parseJwt(`${token(good)}${'A'.repeat(MAX_TOKEN_LENGTH)}`)).toBe('too-long');
    expect(parseJwt('a'.repeat(MAX_TOKEN_LENGTH))).toBe('malformed');
    expect(parseJwt('a'.repeat(MAX_TOKEN_LENGTH + 1))).toBe('too-long');
  });

  it.each(['iss', 'sub', 'jti'])('takes texts for %s only', (name) => {
    expect(parseJwt(token(good, { [name]: 'x' }))).toMatchObject({ claims: { [name]: 'x' } });
    for (const value of [1, null, ['x'], { a: 1 }]) {
      expect(parseJwt(token(good, { [name]: value }))).toBe('claim-type');
    }
  });

  it.each(['exp', 'nbf', 'iat'])('takes numbers for %s only', (name) => {
    expect(parseJwt(token(good, { [name]: 1.5 }))).toMatchObject({ claims: { [name]: 1.5 } });
    for (const value of ['1', null, [1], true]) {
      expect(parseJwt(token(good, { [name]: value }))).toBe('claim-type');
    }
    const infinite = `${encode('{"alg":"RS256"}')}.${encode(`{"${name}":1e999}`)}.AAAA`;
    expect(parseJwt(infinite)).toBe('claim-type');
  });

  it('takes a text or a list of texts for aud only', () => {
    for (const aud of ['x', ['x', 'y'], []]) {
      expect(parseJwt(token(good, { aud }))).toMatchObject({ claims: { aud } });
    }
    for (const aud of [1, null, { x: 1 }, ['x', 1], [1, 'x']]) {
      expect(parseJwt(token(good, { aud }))).toBe('claim-type');
    }
  });
});

describe('tokenDigest', () => {
  it('is the SHA-256 of the token in base64url', () => {
    // NIST's example of SHA-256.
    expect(tokenDigest('abc')).toBe('ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0');
  });
});
