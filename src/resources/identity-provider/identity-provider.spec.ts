import type { WriteContext } from '../../interactions/resource-rules.js';
import type { Json } from '../../policy/json.js';
import { splitSecrets } from '../secrets/split-secrets.js';
import { validateDto } from '../validate-dto.js';
import { identityProviderDefinition } from './identity-provider.definition.js';
import { IdentityProviderDto } from './identity-provider.dto.js';
import { parseIdentityProvider } from './identity-provider.js';

const definition = identityProviderDefinition({
  refusedUrl: (url) => (url.startsWith('http://evil') ? 'no' : undefined),
});
const check = async (provider: Record<string, Json>) =>
  definition.check?.({ resourceType: 'IdentityProvider', ...provider }, {} as WriteContext);

const KEYCLOAK = {
  scopes: ['profile', 'openid'],
  system: 'keycloak',
  userinfo_endpoint: 'http://keycloak:8180/realms/myrealm/protocol/openid-connect/userinfo',
  'userinfo-source': 'userinfo-endpoint',
  title: 'Keycloak',
  active: true,
};

describe('an IdentityProvider', () => {
  it('may be the one of the tutorial: no type, a host without a dot', async () => {
    await expect(validateDto('IdentityProvider', IdentityProviderDto, KEYCLOAK)).resolves.toEqual(
      [],
    );
    await expect(check(KEYCLOAK)).resolves.toEqual({ issues: [], warnings: [] });
  });

  it.each([
    ['a URL that is none', { userinfo_endpoint: 'keycloak' }, 'userinfo_endpoint'],
    ['a URL with a scheme that is not called', { jwks_uri: 'file:///etc/passwd' }, 'jwks_uri'],
    ['another source', { 'userinfo-source': 'guess' }, 'userinfo-source'],
    ['a header that smuggles another', { userinfo_header: 'Bearer x\r\nEvil:' }, 'userinfo_header'],
    ['a client that is an array', { client: [] }, 'client'],
    ['an unknown element', { issuer: 'x' }, 'issuer'],
  ])('may not have %s', async (_what, provider, element) => {
    const issues = await validateDto('IdentityProvider', IdentityProviderDto, provider);

    expect(issues.map(({ expression }) => expression)).toContain(`IdentityProvider.${element}`);
  });

  it('warns of URLs that would not be called, and of a missing system', async () => {
    const findings = await check({
      token_endpoint: 'http://evil/token',
      authorize_endpoint: 'http://evil',
    });

    expect(findings?.warnings).toEqual([
      'IdentityProvider.token_endpoint: the URL will not be called: no',
      expect.stringMatching(/^IdentityProvider\.system: /),
    ]);
  });

  it.each([
    ['email', ['email'], []],
    ['given_name', ['name', 'givenName'], []],
    ['groups', ['data', 'claims', 'groups'], []],
    ['inactive', ['inactive'], ['IdentityProvider.toScim.inactive']],
    ['password', ['password'], ['IdentityProvider.toScim.password']],
    ['sub', ['identifier', '0', 'value'], ['IdentityProvider.toScim.sub']],
    ['all', ['data'], ['IdentityProvider.toScim.all']],
    ['nick', ['name', 'nick'], ['IdentityProvider.toScim.nick']],
    ['deep', ['email', 'x'], ['IdentityProvider.toScim.deep']],
    ['text', 'email', ['IdentityProvider.toScim.text']],
    ['proto', ['data', '__proto__'], ['IdentityProvider.toScim.proto']],
  ])('maps the claim %s to %j as far as it may', async (claim, path, expected) => {
    const provider = { ...KEYCLOAK, toScim: { [claim]: path } };

    const findings = await check(provider);
    const { scimMappings } = parseIdentityProvider(provider);

    expect(findings?.issues.map(({ expression }) => expression)).toEqual(expected);
    expect(scimMappings).toHaveLength(expected.length === 0 ? 1 : 0);
  });

  it('is active and asked by Bearer unless it says otherwise', () => {
    expect(parseIdentityProvider({ id: 'kc', userinfo_endpoint: 'https://x' })).toEqual({
      id: 'kc',
      active: true,
      system: undefined,
      userinfoEndpoint: 'https://x',
      userinfoScheme: 'Bearer',
      linksByEmail: false,
      scimMappings: [],
      roleRules: [],
      serviceAccounts: 'user',
    });
  });

  it.each([
    [{ claim: ['realm_access', 'roles'], value: 'a', role: 'b' }, []],
    [{ claim: 'https://example.com/roles', value: 'a', role: 'b' }, []],
    [{ claim: 'groups', prefix: 'okta:' }, []],
    [{ claim: 'groups', prefix: 'okta/' }, []],
    [{ claim: 'groups', prefix: 'okta' }, ['[0].prefix']],
    [{ claim: 'groups', prefix: '' }, ['[0].prefix']],
    [{ claim: 'groups', prefix: ':' }, ['[0].prefix']],
    [{ value: 'a', role: 'b' }, ['[0].claim']],
    [{ claim: [], value: 'a', role: 'b' }, ['[0].claim']],
    [{ claim: ['a', ''], value: 'a', role: 'b' }, ['[0].claim']],
    [{ claim: Array(9).fill('a'), value: 'a', role: 'b' }, ['[0].claim']],
    [{ claim: { a: 1 }, value: 'a', role: 'b' }, ['[0].claim']],
    [{ claim: 'groups', value: '', role: 'b' }, ['[0].value']],
    [{ claim: 'groups', value: 1, role: 'b' }, ['[0].value']],
    [{ claim: 'groups', value: 'a', role: 'x'.repeat(513) }, ['[0].role']],
    [{ claim: 'groups', value: 'a', role: ['b'] }, ['[0].role']],
    [{ claim: 'groups', value: 'a', roleName: 'b' }, ['[0].roleName']],
    [{ claim: 'groups' }, ['[0]']],
    [{ claim: 'groups', value: 'a' }, ['[0]']],
    [{ claim: 'groups', role: 'a' }, ['[0]']],
    [{ claim: 'groups', value: 'a', role: 'b', prefix: 'c:' }, ['[0]']],
    [{ claim: 'groups', role: 'b', prefix: 'c:' }, ['[0]']],
    ['groups', ['', '[0]']],
  ])('takes the entry %j of roleMapping as far as it may', async (entry, wrong) => {
    const provider = { ...KEYCLOAK, roleMapping: [entry] } as Record<string, Json>;

    const issues = await validateDto('IdentityProvider', IdentityProviderDto, provider);
    const findings = issues.length > 0 ? undefined : await check(provider);

    const all = [...issues, ...(findings?.issues ?? [])];
    expect(new Set(all.map(({ expression }) => expression))).toEqual(
      new Set(wrong.map((place) => `IdentityProvider.roleMapping${place}`)),
    );
  });

  it('has at most 200 entries in roleMapping, a list', async () => {
    const entry = { claim: 'groups', prefix: 'okta:' };
    const issuesOf = (roleMapping: unknown) =>
      validateDto('IdentityProvider', IdentityProviderDto, { roleMapping });

    await expect(issuesOf(Array(200).fill(entry))).resolves.toEqual([]);
    await expect(issuesOf(Array(201).fill(entry))).resolves.toHaveLength(1);
    await expect(issuesOf({ groups: 'doctor' })).resolves.not.toEqual([]);
  });

  it('warns of a claim that was probably meant as a path', async () => {
    const warningsFor = async (claim: Json) =>
      (await check({ ...KEYCLOAK, roleMapping: [{ claim, value: 'a', role: 'b' }] }))?.warnings;

    await expect(warningsFor('realm_access.roles')).resolves.toEqual([
      expect.stringContaining('"realm_access.roles" is read as the name of one claim'),
    ]);
    await expect(warningsFor(['realm_access', 'roles'])).resolves.toEqual([]);
    await expect(warningsFor('https://example.com/roles')).resolves.toEqual([]);
  });

  it('is not asked for userinfo when the token says it all', () => {
    const provider = { userinfo_endpoint: 'https://x', 'userinfo-source': 'id-token' };

    expect(parseIdentityProvider(provider).userinfoEndpoint).toBeUndefined();
  });

  it.each([
    ['title', []],
    ['token_endpoint', ['secret', 'private-key']],
    ['introspection_endpoint', ['secret', 'private-key']],
    ['revocation_endpoint', ['secret', 'private-key']],
    ['registration_endpoint', ['secret', 'private-key']],
    ['base_url', ['secret', 'private-key']],
    ['type', ['secret', 'private-key']],
  ])('keeps its credentials unless they would go elsewhere: another %s', (element, lost) => {
    const provider = { client: { secret: 's', 'private-key': 'k' }, token_endpoint: 'https://a' };
    const none = { resource: {}, secrets: {} };
    const split = (next: Record<string, unknown>, stored: typeof none) =>
      splitSecrets('IdentityProvider', next, definition.secrets, stored);
    const { masked, secrets } = split(provider, none);

    const { issues } = split({ ...masked, [element]: 'https://b' }, { resource: masked, secrets });

    expect(issues.map(({ expression }) => expression)).toEqual(
      lost.map((name) => `IdentityProvider.client.${name}`),
    );
  });
});
