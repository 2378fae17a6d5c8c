import { InvalidToken, IntrospectionUnavailable, ProofUnchecked } from './errors.js';
import { OutboundFailure } from './outbound/outbound-failure.js';

const BEARER = 'Bearer realm="fhir", error="invalid_token"';
const ALGORITHMS = 'RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519';

describe('InvalidToken', () => {
  it('challenges the caller and says in plain words why', () => {
    const refusals = [{ code: 'expired', introspectorId: 'kc' }, { code: 'malformed' }] as const;
    const error = new InvalidToken(refusals, 'bearer');

    expect(error.status).toBe(401);
    expect(error.headers).toEqual({ 'WWW-Authenticate': [BEARER] });
    expect(error.issues).toEqual([
      { code: 'login', diagnostics: 'The access token is not accepted: it has expired' },
    ]);
  });

  it('says no more than that where there is no reason', () => {
    expect(new InvalidToken([], 'bearer').issues).toEqual([
      { code: 'login', diagnostics: 'The access token is not accepted' },
    ]);
  });

  it('tells an inactive issuer from an unknown one in the trace only', () => {
    const inactive = new InvalidToken([{ code: 'inactive-issuer' }], 'bearer');
    const unknown = new InvalidToken([{ code: 'unknown-issuer' }], 'bearer');

    expect(inactive.issues).toEqual(unknown.issues);
    expect(inactive.refusals).not.toEqual(unknown.refusals);
  });

  it('challenges a sender of DPoP for the proof if one of several blames it', () => {
    const error = new InvalidToken([{ code: 'expired' }, { code: 'proof-replayed' }], 'dpop');

    expect(error.headers).toEqual({
      'WWW-Authenticate': [`DPoP realm="fhir", error="invalid_dpop_proof", algs="${ALGORITHMS}"`],
    });
  });

  it('names the other scheme for a bound token that came as Bearer', () => {
    const error = new InvalidToken([{ code: 'proof-required' }], 'bearer');

    expect(error.headers).toEqual({
      'WWW-Authenticate': [BEARER, `DPoP realm="fhir", algs="${ALGORITHMS}"`],
    });
  });

  it.each([
    ['expired', 'invalid_token'],
    ['not-bound', 'invalid_token'],
    ['wrong-key', 'invalid_token'],
    ['proof-count', 'invalid_dpop_proof'],
    ['proof-replayed', 'invalid_dpop_proof'],
  ] as const)('challenges a sender of DPoP for %s with %s', (code, reason) => {
    const error = new InvalidToken([{ code }], 'dpop');

    expect(error.headers).toEqual({
      'WWW-Authenticate': [`DPoP realm="fhir", error="${reason}", algs="${ALGORITHMS}"`],
    });
  });
});

describe('ProofUnchecked', () => {
  it('asks the caller to come back and keeps the cause to the log', () => {
    const cause = new Error('relation used_proof is locked');
    const error = new ProofUnchecked(cause);

    expect(error.cause).toBe(cause);
    expect(error.status).toBe(503);
    expect(error.headers).toEqual({ 'Retry-After': '5' });
    expect(error.issues).toEqual([
      {
        code: 'transient',
        diagnostics: 'The DPoP proof cannot be checked now; try again with a new one',
      },
    ]);
  });
});

describe('IntrospectionUnavailable', () => {
  it('asks the caller to come back and keeps the cause to the log', () => {
    const cause = new Error('connect to 10.0.0.1');
    const error = new IntrospectionUnavailable('kc', cause, 7);

    expect(error.cause).toBe(cause);
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
