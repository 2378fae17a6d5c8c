import { maskedExtension } from './masked.js';
import type { SecretField } from './secret-field.js';
import { SECRET_REFERENCE } from './secret-reference.js';
import { splitSecrets, withSecrets, type StoredSecrets } from './split-secrets.js';

const FIELDS: readonly SecretField[] = [
  { path: 'jwt.secret', boundTo: [] },
  { path: 'jwt.keys[].k', boundTo: ['jwt.keys[].kty', 'jwt.keys[].alg'] },
  {
    path: 'introspection_endpoint.authorization',
    boundTo: ['introspection_endpoint.url'],
    external: { sentTo: ['introspection_endpoint.url'] },
  },
];
const NOTHING: StoredSecrets = { resource: {}, secrets: {} };
const split = (resource: Record<string, unknown>, stored: StoredSecrets = NOTHING) =>
  splitSecrets('TokenIntrospector', resource, FIELDS, stored);

const endpoint = (url: string, more: object) => ({ introspection_endpoint: { url, ...more } });
const masked = { _authorization: maskedExtension() };
const storedEndpoint: StoredSecrets = {
  resource: endpoint('https://idp.example/introspect', masked),
  secrets: { '/introspection_endpoint/authorization': 'Basic c2VjcmV0' },
};
const key = (alg: string, more: object) => ({ kty: 'OCT', alg, format: 'plain', ...more });
const storedKeys: StoredSecrets = {
  resource: { jwt: { keys: [key('HS256', { _k: maskedExtension() })] } },
  secrets: { '/jwt/keys/0/k': 'first' },
};

describe('splitSecrets', () => {
  it('takes a secret out of what is stored and shown, and leaves the masked form', () => {
    const { masked: shown, secrets, issues } = split({ jwt: { iss: 'x', secret: 'very-secret' } });

    expect(shown).toEqual({ jwt: { iss: 'x', _secret: maskedExtension() } });
    expect(secrets).toEqual({ '/jwt/secret': 'very-secret' });
    expect(issues).toEqual([]);
  });

  it('does not touch the resource that it was given', () => {
    const resource = { jwt: { secret: 'very-secret' } };

    split(resource);

    expect(resource).toEqual({ jwt: { secret: 'very-secret' } });
  });

  it('keeps the stored value for the masked form while the endpoint is the same', () => {
    const { secrets, sent, complete, issues } = split(storedEndpoint.resource, storedEndpoint);

    expect(issues).toEqual([]);
    expect(secrets).toEqual(storedEndpoint.secrets);
    expect([...sent]).toEqual([]);
    expect(complete).toEqual(
      endpoint('https://idp.example/introspect', { authorization: 'Basic c2VjcmV0' }),
    );
  });

  it('wants the secret again when the endpoint it would be sent to is another', () => {
    const { issues, secrets } = split(endpoint('https://evil.example/', masked), storedEndpoint);

    expect(issues).toEqual([
      expect.objectContaining({
        expression: 'TokenIntrospector.introspection_endpoint.authorization',
        diagnostics: expect.stringContaining('send the secret again'),
      }),
    ]);
    expect(secrets).toEqual({});
  });

  it('takes a secret that is sent along with a new endpoint', () => {
    const moved = endpoint('https://new.example/', { authorization: 'Basic bmV3' });

    expect(split(moved, storedEndpoint)).toMatchObject({
      issues: [],
      secrets: { '/introspection_endpoint/authorization': 'Basic bmV3' },
    });
  });

  it('keeps the key of an array that has the same shape', () => {
    expect(split(storedKeys.resource, storedKeys)).toMatchObject({
      issues: [],
      secrets: { '/jwt/keys/0/k': 'first' },
    });
  });

  it.each([
    ['another algorithm', [key('HS512', { _k: maskedExtension() })]],
    [
      'one more key before it',
      [key('HS256', { k: 'new' }), key('HS256', { _k: maskedExtension() })],
    ],
    ['one more key behind it', [key('HS256', { _k: maskedExtension() }), key('HS256', { k: 'n' })]],
  ])('wants the key again with %s', (_name, keys) => {
    expect(split({ jwt: { keys } }, storedKeys).issues).toHaveLength(1);
  });

  it('refuses a masked form where nothing is stored', () => {
    expect(split({ jwt: { _secret: maskedExtension() } }).issues).toHaveLength(1);
  });

  it('refuses any other extension in place of a secret', () => {
    const other = { extension: [{ url: 'http://example.org/else', valueString: 'x' }] };

    expect(split({ jwt: { _secret: other } }).issues).toHaveLength(1);
  });

  it('refuses the masked form with another extension or element beside it', () => {
    const { extension } = maskedExtension() as { extension: object[] };
    const beside = { url: 'http://example.org/else', valueString: 'x' };
    const rewrite = (_authorization: object) =>
      split(endpoint('https://idp.example/introspect', { _authorization }), storedEndpoint).issues;

    expect(rewrite({ extension })).toEqual([]);
    expect(rewrite({ extension: [...extension, beside] })).toHaveLength(1);
    expect(rewrite({ id: 'x', extension })).toHaveLength(1);
  });

  it('drops a secret that is neither sent nor masked', () => {
    const { secrets, issues } = split(
      endpoint('https://idp.example/introspect', {}),
      storedEndpoint,
    );

    expect(secrets).toEqual({});
    expect(issues).toEqual([]);
  });

  it('leaves a secret that is no string where it is, for validation to refuse', () => {
    expect(split({ jwt: { secret: 7 } }).complete).toEqual({ jwt: { secret: 7 } });
  });
});

describe('a reference to an external secret', () => {
  const reference = { url: SECRET_REFERENCE, valueString: 'name' };
  const [mask] = (maskedExtension() as { extension: object[] }).extension;
  const referring = (extension: object[], more: object = {}) => ({
    introspection_endpoint: { url: 'https://a', _authorization: { extension, ...more } },
  });

  it.each([
    ['alone', [reference]],
    ['behind the masked form', [mask ?? {}, reference]],
    ['before it', [reference, mask ?? {}]],
  ])('stays as it is, %s', (_name, extension) => {
    const { masked: shown, complete, secrets, issues } = split(referring(extension));

    expect([shown, complete]).toEqual([referring(extension), referring(extension)]);
    expect(secrets).toEqual({});
    expect(issues).toEqual([]);
    expect(withSecrets(shown, FIELDS, {})).toEqual(referring(extension));
  });

  it.each([
    ['two references', [reference, reference]],
    ['another extension beside it', [reference, { url: 'http://x', valueString: 'y' }]],
    ['another element in it', [{ ...reference, id: 'x' }]],
    ['a name that is no text', [{ ...reference, valueString: 7 }]],
    ['a name under another type', [{ url: SECRET_REFERENCE, valueCode: 'name' }]],
    ['another URL', [{ ...reference, url: 'http://example.org/secret-reference' }]],
  ])('is refused with %s', (_name, extension) => {
    expect(split(referring(extension)).issues).toHaveLength(1);
  });

  it('is refused with an element beside the extension', () => {
    expect(split(referring([reference], { id: 'x' })).issues).toHaveLength(1);
  });

  it('is refused beside a value, which is not stored', () => {
    const resource = referring([reference]);
    Object.assign(resource.introspection_endpoint, { authorization: 'Basic x' });

    const { issues, masked: shown } = split(resource);

    expect(issues).toHaveLength(1);
    expect(JSON.stringify(shown)).not.toContain('Basic x');
  });

  it('is refused where no external secret may stand', () => {
    const { issues } = splitSecrets(
      'User',
      { _password: { extension: [reference] } },
      [{ path: 'password', boundTo: [] }],
      NOTHING,
    );

    expect(issues).toHaveLength(1);
  });
});

describe('withSecrets', () => {
  it('is the inverse of splitting', () => {
    const resource = { jwt: { secret: 'a', keys: [key('HS256', { k: 'b' })] } };
    const { masked: shown, secrets } = split(resource);

    expect(withSecrets(shown, FIELDS, secrets)).toEqual(resource);
  });
});
