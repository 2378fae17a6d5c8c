import type { GuardedRequest } from '../../access/guarded-request.js';
import type { AuthenticatedBy, Caller } from '../../identity/caller.js';
import { NOBODY } from '../upstream/nobody.js';
import { PassedToken } from './passed-token.js';

const token = new PassedToken();

function request(
  authorization: string,
  by: Partial<AuthenticatedBy>,
  kind: Caller['kind'] = 'token',
): GuardedRequest {
  const { incoming, caller } = NOBODY;
  return {
    incoming: { ...incoming, peer: { ...incoming.peer, headers: { authorization } } },
    caller: { ...caller, kind, authenticatedBy: { scheme: 'bearer', passedOver: [], ...by } },
  };
}

describe('passing on the token of the caller', () => {
  it('passes on a bearer token', async () => {
    const headers = await token.headers(request('Bearer abc', {}));

    expect(headers).toEqual({ authorization: 'Bearer abc' });
  });

  it.each([
    ['the secret of a Client', 'Basic abc', { scheme: 'basic' as const }],
    ['what only looks like a bearer token', 'Bearer abc', { scheme: 'basic' as const }],
    ['a token that is bound to a key', 'DPoP abc', { scheme: 'dpop' as const }],
    ['a cookie', '', { scheme: 'aspxauth' as const }],
    [
      'the token of an administrator who acts as another',
      'Bearer abc',
      { administrator: 'User/a' },
    ],
    ['several values', 'Bearer abc, Bearer def', {}],
  ])('does not pass on %s', async (_name, authorization, by) => {
    await expect(token.headers(request(authorization, by))).resolves.toEqual({});
  });

  it('does not pass on a token that is one of Wardgate’s own', async () => {
    const own = request('Bearer abc', {}, 'client');

    await expect(token.headers(own)).resolves.toEqual({});
  });

  it('passes on nothing for requests that nobody made', async () => {
    await expect(token.headers(NOBODY)).resolves.toEqual({});
  });
});
