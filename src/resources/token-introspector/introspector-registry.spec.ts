import { ExternalSecrets } from '../secrets/external-secrets.js';
import { splitSecrets } from '../secrets/split-secrets.js';
import { externalIntrospector } from './external-introspector.js';
import { INTROSPECTOR_SECRETS } from './token-introspector.definition.js';

const stored = (resource: Record<string, unknown>) => {
  const none = { resource: {}, secrets: {} };
  const { masked, secrets } = splitSecrets(
    'TokenIntrospector',
    resource,
    INTROSPECTOR_SECRETS,
    none,
  );
  return { resource: masked, secrets };
};

/** The issues of writing `next` when `previous` is stored and its masked form was read. */
const rewrite = (
  previous: Record<string, unknown>,
  change: (masked: Record<string, unknown>) => unknown,
): readonly string[] => {
  const before = stored(previous);
  const next = structuredClone(before.resource);
  change(next);
  const { issues } = splitSecrets('TokenIntrospector', next, INTROSPECTOR_SECRETS, before);
  return issues.map(({ expression }) => expression ?? '');
};

describe('the secrets of a TokenIntrospector', () => {
  const opaque = {
    type: 'opaque',
    introspection_endpoint: { url: 'https://a.example', authorization: 'Basic x' },
  };
  const key = { kty: 'OCT', alg: 'HS256', format: 'plain', k: 'secret' };
  const keyed = { type: 'jwt', jwt: { keys: [key] } };

  it('are in place when it is evaluated', () => {
    const resource = { id: 'i', meta: { versionId: '3' }, ...opaque };

    const { introspector } = externalIntrospector(
      { id: 'i', versionId: 3, ...stored(resource) },
      new ExternalSecrets({ secrets: [] }),
    );

    expect(introspector).toMatchObject({
      id: 'i',
      revision: 'i/3',
      url: 'https://a.example',
      authorization: 'Basic x',
    });
  });

  it('are kept while nothing changes that they belong to', () => {
    expect(rewrite(opaque, (next) => Object.assign(next, { cache_ttl: 10 }))).toEqual([]);
    expect(rewrite(keyed, (next) => Object.assign(next, { cache_ttl: 10 }))).toEqual([]);
  });

  it('are not sent to another URL', () => {
    const redirect = rewrite(opaque, (next) =>
      Object.assign(next['introspection_endpoint'] as object, { url: 'https://evil.example' }),
    );

    expect(redirect).toEqual(['TokenIntrospector.introspection_endpoint.authorization']);
  });

  it.each([
    ['algorithm', [{ ...key, k: undefined, alg: 'HS512' }]],
    ['key type', [{ ...key, k: undefined, kty: 'RSA' }]],
    ['place in the list', [{ kty: 'RSA', alg: 'RS256' }, key]],
  ])('are not kept under another %s', (_what, keys) => {
    const masked = {
      _k: (stored(keyed).resource['jwt'] as { keys: { _k: unknown }[] }).keys[0]?._k,
    };
    const next = keys.map(({ kty, alg }) => ({
      kty,
      alg,
      ...(kty === 'RSA' && keys.length > 1 ? {} : masked),
    }));

    const refused = rewrite(keyed, (copy) => Object.assign(copy, { jwt: { keys: next } }));

    expect(refused).toHaveLength(1);
  });
});
