import { isInScope, isSentAnywhere } from './secret-scope.js';

const use = (...urls: string[]) => ({ resourceType: 'TokenIntrospector', id: 'i1', urls });
const scope = (more: object) => [{ resourceType: 'TokenIntrospector', ...more }];

describe('the scope of an external secret', () => {
  it.each([
    ['its type', {}, true],
    ['its type and id', { id: 'i1' }, true],
    ['another id', { id: 'i2' }, false],
    ['an id in other case', { id: 'I1' }, false],
    ['another type', { resourceType: 'Client' }, false],
  ])('admits a resource by %s', (_name, more, expected) => {
    expect(isInScope(scope(more), use())).toBe(expected);
  });

  it('admits what one of several scopes admits, and nothing without a scope', () => {
    expect(isInScope([...scope({ id: 'i2' }), ...scope({ id: 'i1' })], use())).toBe(true);
    expect(isInScope([], use())).toBe(false);
  });

  it.each([
    ['https://idp.example/token', true],
    ['https://idp.example/token/', true],
    ['https://idp.example/token/x', true],
    ['https://IDP.example:443/token', true],
    ['https://idp.example/token?x=1', true],
    ['https://idp.example/tokens', false],
    ['https://idp.example/token/../evil', false],
    ['https://idp.example/token/%2e%2e/evil', false],
    ['https://idp.example/token/..%2fevil', false],
    ['https://idp.example/token/..%5cevil', false],
    ['http://idp.example/token', false],
    ['https://idp.example:8443/token', false],
    ['https://idp.example.evil.example/token', false],
    ['https://idp.example@evil.example/token', false],
    ['https://user@idp.example/token', false],
    ['no url', false],
  ])('that names a URL admits %s: %s', (url, expected) => {
    const urls = ['https://other.example', 'https://idp.example/token'];

    expect(isInScope(scope({ urls }), use(url))).toBe(expected);
  });

  it('that names a URL admits a use only if all of its URLs fit, and none that has no URL', () => {
    const urls = ['https://idp.example'];

    expect(isInScope(scope({ urls }), use('https://idp.example/a', 'https://idp.example/b'))).toBe(
      true,
    );
    expect(isInScope(scope({ urls }), use('https://idp.example/a', 'https://evil.example'))).toBe(
      false,
    );
    expect(isInScope(scope({ urls }), use())).toBe(false);
  });

  it('is told from one that lets the secret be sent anywhere', () => {
    const urls = ['https://idp.example'];

    expect(isSentAnywhere(scope({}), use('https://idp.example'))).toBe(true);
    expect(isSentAnywhere(scope({ urls }), use('https://idp.example'))).toBe(false);
    expect(isSentAnywhere(scope({}), use())).toBe(false);
    expect(isSentAnywhere([...scope({ urls }), ...scope({ id: 'i2' })], use(urls[0] ?? ''))).toBe(
      false,
    );
  });
});
