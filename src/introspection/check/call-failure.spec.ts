import { AddressRefused } from '../outbound/guarded-lookup.js';
import { OutboundFailure, type FailureReason } from '../outbound/outbound-failure.js';
import { callFailure } from './call-failure.js';

const url = 'https://auth.example.com/keys';

function coded(code: string): Error {
  return Object.assign(new Error('hidden'), { code });
}

function failed(cause: unknown, reason: FailureReason = 'unreachable') {
  const failure = new OutboundFailure('The call failed', undefined, { cause, reason });
  return callFailure('keys', { url, failure, refusal: undefined });
}

describe('callFailure', () => {
  it.each([
    ['ENOTFOUND', 'name-unknown'],
    ['EAI_AGAIN', 'name-unknown'],
    ['ECONNREFUSED', 'connection-refused'],
    ['ECONNRESET', 'connection-closed'],
    ['EPIPE', 'connection-closed'],
    ['UND_ERR_SOCKET', 'connection-closed'],
    ['ETIMEDOUT', 'timed-out'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls-failed'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls-failed'],
    ['CERT_HAS_EXPIRED', 'tls-failed'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls-failed'],
    ['EHOSTUNREACH', 'call-failed'],
    ['NO_CERT_', 'call-failed'],
    ['toString', 'call-failed'],
  ])('names %s %s', (code, finding) => {
    expect(failed(coded(code))).toMatchObject({ step: 'keys', status: 'failed', code: finding });
  });

  it('says how long it waited in vain, and which setting allows an address', () => {
    expect(failed(coded('UND_ERR_CONNECT_TIMEOUT'), 'timeout')).toMatchObject({
      code: 'timed-out',
      fix: expect.stringContaining('WARDGATE_IDP_TIMEOUT'),
    });
    expect(failed(new AddressRefused(), 'refused')).toMatchObject({
      code: 'address-refused',
      fix: expect.stringContaining('BOX_SECURITY_IDP_ALLOWED_HOSTS'),
    });
  });

  it.each([
    [301, 'write the URL that it leads to'],
    [404, 'Compare the URL'],
    [500, 'log of the provider'],
  ])('says what to do about status %d', (status, words) => {
    const failure = new OutboundFailure('The call failed', status);

    expect(callFailure('keys', { url, failure, refusal: undefined }).fix).toContain(words);
  });

  it('shows the error code and nothing else of an error', () => {
    const { message } = failed(coded('ECONNREFUSED'));

    expect(message).toBe(`"${url}": nobody listens there (ECONNREFUSED)`);
  });

  it.each([
    ...[...['a B', 'B a', '', 'X'.repeat(65)].map(coded), coded('X').message],
    ...[{ code: 5 }, { code: null }, {}, null, 'ENOTFOUND', 0],
  ])('shows nothing of %p, which has no code', (cause) => {
    expect(failed(cause)).toMatchObject({
      code: 'call-failed',
      message: `"${url}": the call failed`,
    });
  });
});
