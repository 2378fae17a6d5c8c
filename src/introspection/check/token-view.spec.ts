import type { JsonObject } from '../../policy/json.js';
import type { Jwt } from '../jwt/jwt.js';
import { claimsView, tokenView } from './token-view.js';

const view = (header: Partial<Jwt['header']>, claims: JsonObject = {}) =>
  tokenView({ header: { alg: 'RS256', kid: undefined, typ: undefined, ...header }, claims });

describe('what a check shows of a token', () => {
  it('is of the header the algorithm, and the key and type where they are named', () => {
    expect(view({}).header).toStrictEqual({ alg: 'RS256' });
    expect(view({ kid: 'k' }).header).toStrictEqual({ alg: 'RS256', kid: 'k' });
    expect(view({ typ: 'at+jwt' }).header).toEqual({ alg: 'RS256', typ: 'at+jwt' });
    expect(view({ kid: 'k'.repeat(257) }).header).toEqual({ alg: 'RS256', kid: 'k'.repeat(256) });
  });

  it('is of the claims those that routing and verification go by, of others the names', () => {
    const shown = {
      ...{ iss: 'i', aud: ['a'], exp: 3, nbf: 1, iat: 2, azp: 'z', client_id: 'c', typ: 't' },
      token_use: 'access',
    };
    const claims = { sub: 's', ...shown, email: 'ann@example.org', cnf: { jkt: 'x' } };

    expect(claimsView(claims)).toEqual({ claims: shown, claimNames: Object.keys(claims) });
    expect(view({}, claims)).toMatchObject({ claims: shown, claimNames: Object.keys(claims) });
    expect(claimsView({})).toEqual({ claims: {}, claimNames: [] });
  });

  it.each<[string, JsonObject, JsonObject]>([
    ['a long text', { iss: 'x'.repeat(257) }, { iss: 'x'.repeat(256) }],
    ['a long list', { aud: Array(17).fill('a') }, { aud: Array(16).fill('a') }],
    ['a long text in a list', { aud: ['x'.repeat(257)] }, { aud: ['x'.repeat(256)] }],
    ['null', { exp: null }, { exp: '…' }],
    ['an object', { iss: { sub: 's' } }, { iss: '…' }],
    ['an object in a list', { aud: [{ sub: 's' }, 'a', 1] }, { aud: ['…', 'a', 1] }],
    ['a list in a list', { aud: [['s']] }, { aud: ['…'] }],
  ])('is bounded: %s', (_what, claims, shown) => {
    expect(claimsView(claims).claims).toEqual(shown);
  });

  it('is at most a hundred names, each of a bounded length', () => {
    const many = Object.fromEntries(Array.from({ length: 101 }, (_, at) => [`c${at}`, 1]));

    expect(claimsView(many).claimNames).toEqual(Object.keys(many).slice(0, 100));
    expect(claimsView({ ['x'.repeat(257)]: 1 }).claimNames).toEqual(['x'.repeat(256)]);
  });
});
