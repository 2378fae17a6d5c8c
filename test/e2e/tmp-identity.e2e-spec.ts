import { mkdtemp, readFile, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NestFactory } from '@nestjs/core';
import { AppModule } from '../../src/app.module.js';
import { readConfig } from '../../src/config/read-config.js';
import { FirstStart } from '../../src/access/first-start/first-start.js';
import { FirstStartSettings } from '../../src/access/first-start/first-start-settings.js';
import { IdentityResolver } from '../../src/identity/identity-resolver.js';
import { ChangeFeed } from '../../src/interactions/changes/change-feed.js';
import { bodyOf } from '../../src/interactions/formats/json.js';
import { UserService } from '../../src/resources/user/user.service.js';
import { RoleService } from '../../src/resources/role/role.service.js';
import { ClientRegistry } from '../../src/resources/client/client-registry.js';
import { PolicyRegistry } from '../../src/resources/access-policy/policy-registry.js';
import { IdentityProviderService } from '../../src/resources/identity-provider/identity-provider.service.js';
import { TokenIntrospectorService } from '../../src/resources/token-introspector/token-introspector.service.js';
import { IntrospectorRegistry } from '../../src/resources/token-introspector/introspector-registry.js';
import { createTestDatabase } from '../support/test-database.js';

const ADMIN = { family: 'fhir', writer: { isAdministrator: true } } as const;
const EDITOR = { family: 'fhir', writer: { isAdministrator: false } } as const;

async function context(url: string, env: Record<string, string> = {}) {
  const config = readConfig({
    DATABASE_URL: 'postgres://i/i',
    BOX_SECURITY_INTROSPECTION_CREATE_USER: 'true',
    ...env,
  });
  return NestFactory.createApplicationContext(AppModule.configure(config, { url }), {
    logger: ['error'],
    abortOnError: false,
  });
}

it('works', async () => {
  const db = await createTestDatabase();
  const dir = await mkdtemp(join(tmpdir(), 'fs-'));
  const [a, b] = await Promise.all([
    context(db.url, { WARDGATE_DATA_DIR: dir }),
    context(db.url, { WARDGATE_DATA_DIR: dir }),
  ]);
  console.log(a.get(FirstStartSettings));
  const made = await Promise.all([a.get(FirstStart).run(), b.get(FirstStart).run()]);
  console.log(JSON.stringify(made));
  const which = made.find((m) => m.rootClient);
  expect(made.filter((m) => m.rootClient)).toHaveLength(1);
  expect((await readFile(join(dir, 'root-client-secret'), 'utf8')).trim()).toBe(
    which?.rootClient?.secret,
  );
  expect(((await stat(join(dir, 'admin-password'))).mode & 0o777).toString(8)).toBe('600');
  for (const c of [a, b]) await c.get(ChangeFeed).start();
  expect(a.get(ClientRegistry).verifySecret('root', which!.rootClient!.secret)?.id).toBe('root');
  expect(b.get(PolicyRegistry).isAllowLinkedUser('admin')).toBe(true);

  const users = a.get(UserService);
  const idp = await a
    .get(IdentityProviderService)
    .update(
      'kc',
      bodyOf({
        system: 'kc',
        toScim: { email: ['email'], u: ['userName'] },
        linkByEmail: true,
        client: { id: 'x', secret: 'sss' },
      }),
      ADMIN,
    );
  expect(idp.text).not.toContain('sss');
  const ti = await a
    .get(TokenIntrospectorService)
    .update(
      'i',
      bodyOf({
        type: 'jwt',
        jwt: { iss: 'x', secret: 'abc' },
        identity_provider: { resourceType: 'IdentityProvider', id: 'kc' },
        trusted_users: ['a', { resourceType: 'User', id: 'b' }],
      }),
      ADMIN,
    );
  console.log(ti.text, ti.warnings, a.get(IntrospectorRegistry).all());
  await b.get(ChangeFeed).catchUp();
  const introspector = {
    id: 'i',
    revision: '1',
    identityProviderId: 'kc',
    userResolution: ['box_user', 'identifier', 'sub'],
    trustedUserIds: [],
  } as const;
  const resolve = (c: typeof a, claims: Record<string, unknown>) =>
    c
      .get(IdentityResolver)
      .resolve({ active: true, type: 'jwt', claims: claims as never, introspector }, 'tok');
  const t = performance.now();
  const callers = await Promise.all(
    Array.from({ length: 300 }, (_x, i) => resolve(i % 2 ? a : b, { sub: 's1' })),
  );
  console.log(performance.now() - t, 'ms');
  expect(new Set(callers.map(({ user }) => user?.id)).size).toBe(1);
  expect(callers[0]?.user?.id).toMatch(/^[0-9a-f-]{36}$/);
  console.log(JSON.stringify(callers[0]));

  await users.update('ada', bodyOf({ email: 'ada@x', userName: 'ada' }), ADMIN);
  const left = await resolve(a, { sub: 's2', email: 'ADA@x', u: 'ada', name: 'a\0b\ud800' });
  expect(left.user).toMatchObject({ data: { sub: 's2', email: 'ADA@x', name: 'ab' } });
  expect(left.user?.['email']).toBeUndefined();
  const linked = await resolve(a, { sub: 's3', email: 'ADA@x', email_verified: true });
  expect(linked.user?.id).toBe('ada');
  const again = await resolve(a, { sub: 's4', email: 'ADA@x', email_verified: true });
  expect(again.user?.id).not.toBe('ada');
  await expect(resolve(a, { sub: 'admin' })).rejects.toMatchObject({ rule: 'protected-user' });
  await expect(users.create(bodyOf({ email: 'ADA@X' }), ADMIN)).rejects.toMatchObject({
    status: 409,
    issues: [{ expression: 'User.email' }],
  });
  await expect(
    users.create(bodyOf({ identifier: [{ system: 'kc', value: 's1' }] }), ADMIN),
  ).rejects.toMatchObject({ status: 409, issues: [{ expression: 'User.identifier' }] });
  await expect(
    users.update('ada', bodyOf({ identifier: [{ system: 'kc', value: 'new' }] }), EDITOR),
  ).rejects.toMatchObject({ status: 403 });
  await users.update(
    'ada',
    bodyOf({ password: 'long enough', identifier: [{ system: 'mrn', value: 'new' }] }),
    EDITOR,
  );
  const shown = await users.read('ada');
  console.log(shown.text);
  const role = await a
    .get(RoleService)
    .create(
      bodyOf({
        name: 'doc',
        user: { resourceType: 'User', id: 'ada' },
        links: { patient: { reference: 'Patient/1' } },
      }),
      ADMIN,
    );
  const box = await a
    .get(IdentityResolver)
    .resolve(
      {
        active: true,
        type: 'opaque',
        claims: { box_user: 'ada' },
        introspector: { ...introspector, trustedUserIds: ['ada'] },
      },
      't',
    );
  console.log(JSON.stringify(box));
  expect(box.roles).toMatchObject([
    { user: { id: 'ada', resourceType: 'User', reference: 'User/ada' } },
  ]);
  await a.get(RoleService).remove(role.version.id);
  expect(
    (
      await a
        .get(IdentityResolver)
        .resolve(
          {
            active: true,
            type: 'opaque',
            claims: { box_user: 'ada' },
            introspector: { ...introspector, trustedUserIds: ['ada'] },
          },
          't',
        )
    ).roles,
  ).toEqual([]);
  await users.update('ada', bodyOf({ inactive: true }), ADMIN);
  await expect(resolve(a, { box_user: 'ada' })).rejects.toMatchObject({ rule: 'inactive-user' });
  await users.remove('ada');
  expect((await resolve(a, { box_user: 'ada' })).user).toBeUndefined();
  await a.close();
  await b.close();
  await db.drop();
}, 60_000);
