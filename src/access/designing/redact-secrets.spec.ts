import { redactRequest, redactSecretAt, redactSecrets } from './redact-secrets.js';

describe('redactSecrets', () => {
  it.each([
    [{ secret: 'x' }],
    [{ _secret: { extension: ['x'] } }],
    [{ jwt: { keys: [{ k: 'x' }] } }],
    [{ introspection_endpoint: { authorization: 'x' } }],
    [{ client: { 'private-key': 'x' } }],
    [{ password: 'x', newPassword: 'x', client_assertion: 'x', code_verifier: 'x' }],
    [{ twoFactor: { secretKey: 'x' } }],
    [{ access_token: 'x', token: 'x' }],
    [{ 'secret\nof a line': 'x' }],
    [[{ op: 'add', path: '/jwt/keys/0/k', value: 'x' }]],
  ])('hides the secrets of %j', (value) => {
    expect(JSON.stringify(redactSecrets(value))).not.toContain('"x"');
  });

  it.each([
    [{ code: { text: 'x' }, key: 'x', name: 'x' }],
    [{ token: { sub: 'x' } }],
    [[{ op: 'add', path: '/name', value: 'x' }]],
  ])('leaves %j as it is', (value) => {
    expect(redactSecrets(value)).toEqual(value);
  });

  it('minds the names on the way to a value', () => {
    expect(redactSecretAt(['body', 'secret'], 'x')).toBe('[redacted]');
    expect(redactSecretAt(['body', 'secret', 'y'], 'x')).toBe('[redacted]');
    expect(redactSecretAt(['body', 'name'], 'x')).toBe('x');
  });
});

describe('redactRequest', () => {
  it('hides secrets of the query in both places, whatever their encoding', () => {
    const request = { 'query-string': 'a=1&%73ecret=x&b', params: { a: '1', secret: 'x', b: '' } };

    expect(redactRequest(request)).toEqual({
      'query-string': 'a=1&%73ecret=[redacted]&b',
      params: { a: '1', secret: '[redacted]', b: '' },
    });
  });

  it('keeps headers, which were redacted before', () => {
    const headers = { authorization: 'Bearer [redacted]' };

    expect(redactRequest({ headers })).toEqual({ headers });
  });
});
