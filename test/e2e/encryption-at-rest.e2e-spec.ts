import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { explainFailure } from '../../src/explain-failure.js';
import { TABLES_WITH_SECRETS } from '../../src/interactions/storage/secrets-at-rest.js';
import { SecretsCodec } from '../../src/interactions/storage/secrets-codec.js';
import { RecordingLogger } from '../support/recording-logger.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { accessClaims, secretKey, signJwt } from '../support/token-signer.js';
import { startWardgate } from '../support/wardgate-process.js';

const KEY_A = 'the first key for secrets at rest, long enough';
const KEY_B = 'the second key for secrets at rest, long enough';
const VALUE = 'the-value-that-must-not-be-readable';
const ISSUER = 'https://auth.example.com';
const idOf = (key: string) => new SecretsCodec(key).currentKeyId;

let database: TestDatabase;
let sql: pg.Client;
let apps: TestApp[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  sql = new pg.Client({ connectionString: database.url });
  await sql.connect();
  const app = await start({});
  await app.put('/fhir/TokenIntrospector/i', { type: 'jwt', jwt: { iss: ISSUER, secret: VALUE } });
  await app.put('/fhir/User/u', { twoFactor: { enabled: true, secretKey: VALUE } });
  await app.put('/fhir/AccessPolicy/p', {
    engine: 'matcho',
    matcho: { uri: '/fhir/Basic', jwt: 'present?' },
  });
  await stopAll();
});
afterEach(stopAll);
afterAll(async () => {
  await sql.end();
  await database.drop();
});

async function start(
  env: Readonly<Record<string, string>>,
  logger?: RecordingLogger,
): Promise<TestApp> {
  const app = await startTestApp(env, database, logger);
  apps.push(app);
  return app;
}

async function stopAll(): Promise<void> {
  for (const app of apps) await app.stop();
  apps = [];
}

const under = (current: string, ...previous: string[]): Record<string, string> => ({
  BOX_SECURITY_ENCRYPT_SECRET: current,
  ...(previous.length > 0
    ? { BOX_SECURITY_ENCRYPT_SECRET_PREVIOUS: JSON.stringify(previous) }
    : {}),
});

/** Everything that the tables of system resources hold, secrets and history included. */
async function stored(): Promise<string> {
  const texts = [...TABLES_WITH_SECRETS, 'system_resource_history'].map(
    (table) => `SELECT to_jsonb(t)::text AS text FROM "${table}" AS t`,
  );
  const { rows } = await sql.query<{ text: string }>(texts.join(' UNION ALL '));
  return rows.map(({ text }) => text).join('\n');
}

/** Ids of the keys under which secrets lie; null for those in clear. */
async function keysInUse(): Promise<readonly (string | null)[]> {
  const keys = TABLES_WITH_SECRETS.map(
    (table) => `SELECT secrets ->> 'key' AS key FROM "${table}" WHERE secrets <> '{}'`,
  );
  const { rows } = await sql.query<{ key: string | null }>(keys.join(' UNION '));
  return rows.map(({ key }) => key).sort();
}

async function untilUnder(key: string): Promise<void> {
  for (let tries = 0; tries < 1000; tries += 1) {
    const keys = await keysInUse();
    if (keys.length === 1 && keys[0] === idOf(key)) return;
    await delay(20);
  }
  throw new Error('It never came under the key');
}

const read = (app: TestApp) =>
  app.call('GET', '/fhir/Basic', { token: signJwt(secretKey(VALUE), accessClaims(ISSUER)) });

describe('secrets at rest', () => {
  it('lie in tables that are all known to rotation, and in no history', async () => {
    const { rows } = await sql.query<{ name: string }>(
      `SELECT table_name AS name FROM information_schema.columns
        WHERE table_schema = current_schema() AND column_name = 'secrets'`,
    );

    expect(rows.map(({ name }) => name).sort()).toEqual([...TABLES_WITH_SECRETS].sort());
  });

  it('that were stored in clear are encrypted when a key is configured', async () => {
    expect(await stored()).toContain(VALUE);
    const logger = new RecordingLogger();

    const app = await start(under(KEY_A), logger);
    await untilUnder(KEY_A);

    expect(await stored()).not.toContain(VALUE);
    expect((await read(app)).status).toBe(200);
    const version = await app.call('GET', '/fhir/TokenIntrospector/i', { asRoot: true });
    expect(version.json).toMatchObject({ meta: { versionId: '1' } });
    expect(logger.lines.join('\n')).not.toContain(VALUE);
  });

  it('stop a start that lacks their key, with all that is missing and no secret', async () => {
    const failure = async (env: Record<string, string>): Promise<string> => {
      const outcome = await start(env).catch((error: unknown) => explainFailure(error));
      return typeof outcome === 'string' ? outcome : 'It started';
    };

    for (const message of [await failure({}), await failure(under(KEY_B))]) {
      expect(message).toContain('BOX_SECURITY_ENCRYPT_SECRET');
      expect(message).toMatch(/^- 1 of TokenIntrospector/m);
      expect(message).toMatch(/^- \d+ of User/m);
      expect(message).not.toContain(KEY_A);
      expect(message).not.toContain('    at ');
    }
    expect((await read(await start(under(KEY_A)))).status).toBe(200);
  });

  it('are encrypted anew under another key, while both instances serve', async () => {
    const old = await start(under(KEY_A, KEY_B));
    const next = await start(under(KEY_B, KEY_A));

    await untilUnder(KEY_B);
    // What either writes now, the other reads.
    await old.put('/fhir/TokenIntrospector/old', {
      type: 'jwt',
      jwt: { iss: 'https://old.example', secret: VALUE },
    });
    await next.put('/fhir/TokenIntrospector/next', {
      type: 'jwt',
      jwt: { iss: 'https://next.example', secret: VALUE },
    });

    for (const app of [old, next]) {
      expect((await read(app)).status).toBe(200);
      const written = await app.call('GET', '/fhir/TokenIntrospector', { asRoot: true });
      expect(written.json).toMatchObject({ total: 3 });
    }
    expect(await keysInUse()).toEqual([idOf(KEY_A), idOf(KEY_B)].sort());
    await stopAll();
    await start(under(KEY_B, KEY_A));
    await untilUnder(KEY_B);
    await stopAll();
    expect((await read(await start(under(KEY_B)))).status).toBe(200);
  });

  it('are no use in another row, nor is what they were before', async () => {
    const running = await start(under(KEY_B));
    await sql.query('CREATE TABLE kept AS SELECT id, secrets FROM token_introspector');
    await sql.query(
      `UPDATE token_introspector SET secrets = (SELECT secrets FROM kept WHERE id = 'old')
        WHERE id = 'i'`,
    );

    const masked = {
      extension: [
        { url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'masked' },
      ],
    };
    const written = await running.call('PUT', '/fhir/TokenIntrospector/i', {
      asRoot: true,
      body: { type: 'jwt', jwt: { iss: ISSUER, _secret: masked } },
    });
    expect(written.status).toBe(503);
    expect(written.json).toMatchObject({
      issue: [{ code: 'transient', diagnostics: expect.stringContaining('were altered') }],
    });
    await stopAll();
    await expect(start(under(KEY_B))).rejects.toThrow(
      'The secrets of TokenIntrospector/i were altered',
    );

    await sql.query(
      `UPDATE token_introspector AS t SET secrets = kept.secrets FROM kept WHERE kept.id = t.id`,
    );
    await sql.query('DROP TABLE kept');
    expect((await read(await start(under(KEY_B)))).status).toBe(200);
  });

  it('are left readable by a rotation that is killed, and the next start goes on', async () => {
    const many = 3000;
    await sql.query(
      `INSERT INTO "user" (id, version_id, created_at, last_updated, method, resource, secrets)
       SELECT 'many-' || n, 1, now(), now(), 'PUT',
              jsonb_build_object('resourceType', 'User', 'id', 'many-' || n),
              jsonb_build_object('/twoFactor/secretKey', '${VALUE}')
         FROM generate_series(1, ${many}) AS n`,
    );
    const inClear = async (): Promise<number> => {
      const { rows } = await sql.query<{ count: string }>(
        `SELECT count(*) AS count FROM "user" WHERE secrets <> '{}' AND NOT secrets ? 'sealed'`,
      );
      return Number(rows[0]?.count);
    };
    const killed = await startWardgate({ ...under(KEY_A, KEY_B), DATABASE_URL: database.url });
    while ((await inClear()) === many) await delay(1);
    killed.signal('SIGKILL');
    await killed.ended;

    const app = await start(under(KEY_A, KEY_B));
    expect((await read(app)).status).toBe(200);
    await untilUnder(KEY_A);

    expect(await inClear()).toBe(0);
    expect(await stored()).not.toContain(VALUE);
  });
});
