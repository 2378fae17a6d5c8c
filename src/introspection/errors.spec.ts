import { InvalidToken, IntrospectionUnavailable } from './errors.js';
import { OutboundFailure } from './outbound/outbound-failure.js';

describe('InvalidToken', () => {
  it('challenges the caller and says in plain words why', () => {
    const error = new InvalidToken([
      { code: 'expired', introspectorId: 'kc' },
      { code: 'malformed' },
    ]);

    expect(error.status).toBe(401);
    expect(error.headers).toEqual({
      'WWW-Authenticate': 'Bearer realm="fhir", error="invalid_token"',
    });
    expect(error.issues).toEqual([
      { code: 'login', diagnostics: 'The access token is not accepted: it has expired' },
    ]);
  });

  it('tells an inactive issuer from an unknown one in the trace only', () => {
    const inactive = new InvalidToken([{ code: 'inactive-issuer' }]);
    const unknown = new InvalidToken([{ code: 'unknown-issuer' }]);

    expect(inactive.issues).toEqual(unknown.issues);
    expect(inactive.refusals).not.toEqual(unknown.refusals);
  });
});

describe('IntrospectionUnavailable', () => {
  it('asks the caller to come back and keeps the cause to the log', () => {
    const error = new IntrospectionUnavailable('kc', new Error('connect to 10.0.0.1'), 7);

    expect(error.status).toBe(503);
    expect(error.headers).toEqual({ 'Retry-After': '7' });
    expect(error.issues).toEqual([
      {
        code: 'transient',
        diagnostics: 'The token cannot be checked now: its issuer cannot be reached',
      },
    ]);
  });

  it.each([
    [undefined, '5'],
    [0, '1'],
    [1001, '2'],
  ])('says when an issuer that is left alone for %p ms will be asked again', (ms, seconds) => {
    const known = ms === undefined ? {} : { retryAfterMs: ms };
    const error = new IntrospectionUnavailable('kc', new OutboundFailure('', undefined, known));

    expect(error.headers).toEqual({ 'Retry-After': seconds });
  });
});
