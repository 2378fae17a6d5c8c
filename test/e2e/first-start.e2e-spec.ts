import { chmod, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NestFactory } from '@nestjs/core';
import { FirstStart, type MadeSecrets } from '../../src/access/first-start/first-start.js';
import { AppModule } from '../../src/app.module.js';
import { readConfig } from '../../src/config/read-config.js';
import { ChangeFeed } from '../../src/interactions/changes/change-feed.js';
import { PolicyRegistry } from '../../src/resources/access-policy/policy-registry.js';
import { ClientRegistry } from '../../src/resources/client/client-registry.js';
import { UserDirectory } from '../../src/resources/user/user-directory.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

describe('the first start', () => {
  let database: TestDatabase;
  let folder: string;

  beforeEach(async () => {
    database = await createTestDatabase();
    folder = await mkdtemp(join(tmpdir(), 'wardgate-first-start-'));
  });
  afterEach(async () => {
    await database.drop();
    await rm(folder, { recursive: true });
  });

  const instance = (env: Readonly<Record<string, string>> = {}) =>
    NestFactory.createApplicationContext(
      AppModule.configure(readConfig({ WARDGATE_DATA_DIR: folder, ...env }), { url: database.url }),
      { logger: false, abortOnError: false },
    );

  it('is made by one of two instances that start together', async () => {
    const instances = await Promise.all([instance(), instance()]);

    const made = await Promise.all(instances.map((nest) => nest.get(FirstStart).run()));

    const [maker, ...others] = made.filter(({ rootClient }) => rootClient);
    expect(others).toEqual([]);
    for (const nest of instances) {
      await nest.get(ChangeFeed).start();
      const secret = maker?.rootClient?.secret ?? '';
      expect(nest.get(ClientRegistry).verifySecret('root', secret)?.id).toBe('root');
      expect(nest.get(PolicyRegistry).isAdministratorClient('root')).toBe(true);
      expect(nest.get(PolicyRegistry).isAdministratorUser('admin')).toBe(true);
      await expect(nest.get(UserDirectory).byId('admin')).resolves.toMatchObject({
        isFirstStart: true,
        hasPassword: true,
      });
      await nest.close();
    }
  });

  it('keeps random secrets in files that only their owner reads', async () => {
    await chmod(folder, 0o700);
    const nest = await instance();

    const made: MadeSecrets = await nest.get(FirstStart).run();
    await nest.close();

    expect((await readdir(folder)).sort()).toEqual(['admin-password', 'root-client-secret']);
    for (const secret of [made.rootClient, made.admin]) {
      expect(secret?.secret).toMatch(/^[\w-]{32}$/);
      await expect(readFile(secret?.path ?? '', 'utf8')).resolves.toBe(`${secret?.secret}\n`);
      expect((await stat(secret?.path ?? '')).mode & 0o777).toBe(0o600);
    }
  });

  it('takes configured ids and secrets, and keeps none of them in a file', async () => {
    const nest = await instance({
      BOX_ROOT_CLIENT_ID: 'operator',
      BOX_ROOT_CLIENT_SECRET: 'operator-secret',
      BOX_ADMIN_ID: 'chief',
      BOX_ADMIN_PASSWORD: 'chief-password',
    });

    await expect(nest.get(FirstStart).run()).resolves.toEqual({});
    await nest.get(ChangeFeed).start();

    expect(nest.get(ClientRegistry).verifySecret('operator', 'operator-secret')).toBeDefined();
    expect(nest.get(ClientRegistry).get('root')).toBeUndefined();
    await expect(nest.get(UserDirectory).byId('chief')).resolves.toMatchObject({
      isFirstStart: true,
    });
    await expect(readdir(folder)).resolves.toEqual([]);
    await nest.close();
  });

  it('is not repeated, whatever was configured since', async () => {
    const first = await instance();
    await first.get(FirstStart).run();
    await first.close();

    const second = await instance({ BOX_ROOT_CLIENT_ID: 'intruder' });
    await expect(second.get(FirstStart).run()).resolves.toEqual({});
    await second.get(ChangeFeed).start();

    expect(second.get(ClientRegistry).get('intruder')).toBeUndefined();
    await second.close();
  });

  it('makes nothing at all when the configured password is not acceptable', async () => {
    const nest = await instance({ BOX_ADMIN_PASSWORD: 'short' });

    await expect(nest.get(FirstStart).run()).rejects.toMatchObject({
      issues: [{ expression: 'User.password' }],
    });
    await nest.get(ChangeFeed).start();

    expect(nest.get(ClientRegistry).get('root')).toBeUndefined();
    await nest.close();
  });
});
