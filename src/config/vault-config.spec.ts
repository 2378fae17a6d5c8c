import { readConfig } from './read-config.js';
import { readVaultConfig } from './vault-config.js';

const read = (config: unknown) => readVaultConfig(JSON.stringify(config));
const secret = (entry: unknown) =>
  read({ secret: { name: entry } }).problems.map(({ expected }) => expected);
const SCOPE = { resource_type: 'TokenIntrospector' };

describe('BOX_VAULT_CONFIG', () => {
  it('names files and the resources that may use them', () => {
    const { secrets, problems } = read({
      secret: {
        one: { path: '/run/secrets/one', scope: { resource_type: 'Client', id: 'c1' } },
        two: { path: '/run/two', scope: [SCOPE, { ...SCOPE, url: 'https://idp.example/x' }] },
      },
    });

    expect(problems).toEqual([]);
    expect(secrets).toEqual([
      { name: 'one', path: '/run/secrets/one', scopes: [{ resourceType: 'Client', id: 'c1' }] },
      {
        name: 'two',
        path: '/run/two',
        scopes: [
          { resourceType: 'TokenIntrospector' },
          { resourceType: 'TokenIntrospector', urls: ['https://idp.example/x'] },
        ],
      },
    ]);
  });

  it.each([
    ['a relative path', { path: 'secrets/s', scope: SCOPE }, 'secret.name.path'],
    ['a path with steps back', { path: '/run/../etc/passwd', scope: SCOPE }, 'secret.name.path'],
    ['a path with NUL', { path: '/run/s\0', scope: SCOPE }, 'secret.name.path'],
    ['no path', { scope: SCOPE }, 'secret.name.path'],
    ['no scope', { path: '/s' }, 'secret.name.scope'],
    ['an empty list of scopes', { path: '/s', scope: [] }, 'secret.name.scope'],
    ['another type', { path: '/s', scope: { resource_type: 'User' } }, '.resource_type'],
    ['an id that is none', { path: '/s', scope: { ...SCOPE, id: 'a/b' } }, '.scope.id'],
    ['a misspelt member', { path: '/s', scope: { ...SCOPE, Id: 'x' } }, 'unknown member "Id"'],
    ['a URL of another kind', { path: '/s', scope: { ...SCOPE, url: 'file:///x' } }, '.scope.url'],
    ['a URL with a query', { path: '/s', scope: { ...SCOPE, url: 'https://x/?a' } }, '.scope.url'],
    ['a text', 'x', 'must be an object'],
  ])('refuses %s', (_name, entry, problem) => {
    expect(secret(entry).join()).toContain(problem);
  });

  it.each(['', '.hidden', 'a b', '../x', 'a'.repeat(129)])('refuses the name "%s"', (name) => {
    const { problems } = read({ secret: { [name]: { path: '/s', scope: SCOPE } } });

    expect(problems).toHaveLength(1);
  });

  it('accepts no name that every object inherits', () => {
    const { problems } = readVaultConfig('{"secret":{"__proto__":{"path":"/s","scope":{}}}}');

    expect(problems.length).toBeGreaterThan(0);
  });

  it('reports all problems together with those of other settings', () => {
    const env = {
      BOX_WEB_PORT: '0',
      BOX_VAULT_CONFIG: JSON.stringify({
        secret: { a: { path: 'a', scope: SCOPE }, b: { path: '/b', scope: {} } },
      }),
    };

    expect(() => readConfig(env)).toThrow(
      /BOX_WEB_PORT[^]*secret\.a\.path[^]*secret\.b\.scope\.resource_type/,
    );
  });
});

describe('BOX_SECURITY_ENCRYPT_SECRET_PREVIOUS', () => {
  it('is refused without a current secret, and never shown', () => {
    const previous = 'a former secret of more than 32 characters';

    expect(() => readConfig({ BOX_SECURITY_ENCRYPT_SECRET_PREVIOUS: previous })).toThrow(
      expect.objectContaining({
        message: expect.not.stringContaining(previous),
        problems: [expect.objectContaining({ variable: 'BOX_SECURITY_ENCRYPT_SECRET_PREVIOUS' })],
      }),
    );
  });
});
