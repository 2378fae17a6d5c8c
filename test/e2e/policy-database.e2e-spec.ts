import { setTimeout as delay } from 'node:timers/promises';
import { PolicyDatabase } from '../../src/database/policy/policy-database.js';
import { DatabaseOwner } from '../support/policy-role.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { eventually } from '../support/until.js';

/** Has the server work for seconds without noticing that its time is over. */
const UNSTOPPABLE = `SELECT length(btrim(repeat('a', 1000000), repeat('b', 800) || 'a'))`;
const SLOW = 'SELECT count(*) FROM pg_class a, pg_class b, pg_class c, pg_class d';

describe('PolicyDatabase', () => {
  let server: TestDatabase;
  let owner: DatabaseOwner;
  const opened: PolicyDatabase[] = [];
  const warnings: string[] = [];

  beforeAll(async () => {
    server = await createTestDatabase();
    owner = new DatabaseOwner(server.url);
    await owner.open();
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((database) => database.close()));
    warnings.length = 0;
  });
  afterAll(async () => {
    await owner.close();
    await server.drop();
  });

  const open = async (options: { timeoutMs?: number; loginUrl?: string } = {}) => {
    const database = await PolicyDatabase.open(
      { url: server.url },
      {
        timeoutMs: options.timeoutMs ?? 3_000,
        poolSize: 2,
        loginUrl: options.loginUrl,
        warn: (message) => void warnings.push(message),
      },
    );
    opened.push(database);
    return database;
  };
  const answers = async (database: PolicyDatabase): Promise<boolean> => {
    try {
      const [[value] = []] = await database.rows(`SELECT $1 || 'b'`, ['a']);
      return value === 'ab';
    } catch {
      return false;
    }
  };

  it('takes one statement only, with values or without', async () => {
    const database = await open();

    await expect(database.rows('SELECT 1', [])).resolves.toEqual([[1]]);
    await expect(database.rows('SELECT 1; SELECT 2', [])).rejects.toThrow('SQLSTATE 42601');
    await expect(database.check('SELECT true; SELECT 2')).rejects.toThrow('multiple commands');
    await expect(database.check('SELECT ($1::text) = id FROM patient')).resolves.toBeUndefined();
  });

  it('changes nothing, and leaves nothing behind in the session', async () => {
    const database = await open();
    const state = `SELECT current_setting('statement_timeout') || current_setting('search_path')
      || (SELECT count(*) FROM pg_prepared_statements)
      || (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid())
      || (SELECT count(*) FROM pg_listening_channels()) || (SELECT count(*) FROM pg_cursors)
      || (SELECT count(*) FROM pg_largeobject_metadata)`;
    const before = await database.rows(state, []);

    for (const statement of [
      `SELECT set_config('statement_timeout', '0', false)`,
      `SELECT set_config('search_path', 'public', false)`,
      `SELECT pg_advisory_lock(1)::text`,
      'LISTEN changes',
      'PREPARE p AS SELECT 1',
      `DECLARE c CURSOR WITH HOLD FOR SELECT 1`,
      `SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE`,
    ]) {
      await database.rows(statement, []);
    }
    for (const statement of [
      'CREATE TABLE policy_relations.x ()',
      'CREATE TEMP TABLE x ()',
      'COMMIT; CREATE TEMP TABLE x ()',
      'UPDATE patient SET id = id',
      'SELECT * FROM public.client',
      'SELECT * FROM pg_authid',
      `SELECT pg_read_file('PG_VERSION')`,
      `COPY (SELECT 1) TO PROGRAM 'true'`,
      `SET ROLE pg_read_all_data`,
    ]) {
      await expect(database.rows(statement, [])).rejects.toThrow('SQLSTATE');
    }
    // Before PostgreSQL 16 a transaction that only reads may do this; it is rolled back like all others.
    await database.rows('SELECT lo_create(0)', []).catch(() => undefined);

    await expect(database.rows(state, [])).resolves.toEqual(before);
    await expect(database.rows('SHOW transaction_read_only', [])).resolves.toEqual([['on']]);
  });

  it('says nothing of values, which messages of the database quote', async () => {
    const database = await open();
    const path = `SELECT jsonb_path_exists('1', $1::jsonpath)`;

    await expect(database.rows(path, ['$.a'])).resolves.toEqual([[false]]);
    await expect(database.rows(path, ['confidential )'])).rejects.toThrow(/^SQLSTATE 42601$/);
  });

  it('outlives the end of a connection on which a statement runs', async () => {
    const database = await open();
    const running = database.rows(SLOW, []).catch((error: unknown) => String(error));
    await eventually(async () => (await owner.statementsAtWork()) > 0);

    await owner.endPolicyConnections();

    await expect(running).resolves.toMatch(/SQLSTATE 57P01|terminated/);
    await expect(eventually(() => answers(database))).resolves.toBeUndefined();
  });

  it('has the server work on no more statements than it may, even if they cannot be stopped', async () => {
    const database = await open({ timeoutMs: 100 });
    const seen: number[] = [];
    const asked: Promise<unknown>[] = [];
    for (let round = 0; round < 30; round += 1) {
      asked.push(database.rows(UNSTOPPABLE, []), database.rows(UNSTOPPABLE, []));
      await delay(100);
      seen.push(await owner.statementsAtWork());
    }
    const results = await Promise.allSettled(asked);

    expect(new Set(results.map(({ status }) => status))).toEqual(new Set(['rejected']));
    expect(Math.max(...seen)).toBeLessThanOrEqual(2);
    expect(Math.max(...seen)).toBeGreaterThan(0);
    await expect(eventually(() => answers(database), 60_000)).resolves.toBeUndefined();
  });

  it('closes while the server is still at work', async () => {
    const database = await open({ timeoutMs: 100 });
    await expect(database.rows(UNSTOPPABLE, [])).rejects.toThrow();

    await expect(database.close()).resolves.toBeUndefined();
    opened.length = 0;
    await expect(database.rows('SELECT 1', [])).rejects.toThrow('pool');
  });

  describe('its login', () => {
    it('is one for all who start at once', async () => {
      const databases = await Promise.all([open(), open(), open()]);

      for (const database of databases) await expect(answers(database)).resolves.toBe(true);
      expect(warnings).toEqual([]);
    });

    it('gets its password again where a dump brought another', async () => {
      await open();
      await owner.query(`ALTER ROLE ${await owner.policyRole()} PASSWORD 'of another server'`);

      await expect(answers(await open())).resolves.toBe(true);
    });

    it.each([
      ['its password was changed', (role: string) => [`ALTER ROLE ${role} PASSWORD 'another'`]],
      ['it was removed', (role: string) => [`DROP OWNED BY ${role}`, `DROP ROLE ${role}`]],
      ['it has lost its rights', (role: string) => [`DROP OWNED BY ${role}`]],
    ])('is made sure of again while it is used when %s', async (_what, statements) => {
      const database = await open();
      const readsPatients = async (): Promise<boolean> =>
        database.rows('SELECT count(*) FROM patient', []).then(
          () => true,
          () => false,
        );
      expect(await readsPatients()).toBe(true);

      await owner.endPolicyConnections();
      for (const statement of statements(await owner.policyRole())) await owner.query(statement);
      await delay(100);

      expect(await readsPatients()).toBe(false);
      await expect(eventually(readsPatients, 20_000)).resolves.toBeUndefined();
    });

    it.each([
      ['a table', 'SELECT ON client'],
      ['a column', 'SELECT (id) ON client'],
      ['a right to write', 'INSERT ON policy_relations.patient'],
      ['a sequence', 'USAGE ON ALL SEQUENCES IN SCHEMA public'],
    ])('is refused while it has %s', async (_what, right) => {
      const role = await owner.policyRole();
      await owner.query(`GRANT ${right} TO ${role}`);

      const database = await open();
      await expect(database.rows('SELECT 1', [])).rejects.toThrow('has rights on');
      expect(warnings).toEqual([expect.stringContaining('has rights on')]);

      await owner.query(`REVOKE ${right} FROM ${role}`);
      await expect(answers(database)).resolves.toBe(true);
    });

    it('is refused when the owner of everything is given for it', async () => {
      const database = await open({ loginUrl: server.url });

      await expect(database.rows('SELECT 1', [])).rejects.toThrow('the database login of policies');
      await expect(database.check('SELECT true')).rejects.toThrow('the database login of policies');
      expect(warnings).toHaveLength(1);
    });
  });
});
