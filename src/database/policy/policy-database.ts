import pg, { type PoolClient } from 'pg';
import type { ServerConnection } from '../server-connection.js';
import { backendOf } from './backend.js';
import { providePolicyLogin, RELATIONS_SCHEMA, type PolicyLogin } from './policy-login.js';
import { PolicyPool, type PolicyPoolOptions } from './policy-pool.js';
import { excessOf } from './restricted-login.js';
import { StatementFailed, statementFailed } from './statement-failed.js';

/** How statements of policies are run, and as whom. */
export interface PolicyDatabaseOptions extends PolicyPoolOptions {
  /** A login that an administrator has made; without it Wardgate makes one. */
  readonly loginUrl: string | undefined;
}

const INSUFFICIENT_PRIVILEGE = '42501';
/** The extended protocol takes no second statement; the driver uses it of itself only where there are values. */
const ONE_STATEMENT = { queryMode: 'extended' };

/**
 * Where statements of policies run: connections of their own, whose session user can read the relations
 * of policies and nothing else, so that no statement can take back what restricts it (docs/database.md).
 */
export class PolicyDatabase {
  private constructor(
    private readonly pool: PolicyPool | undefined,
    private readonly options: PolicyDatabaseOptions,
    /** Why there is no login; `undefined` when there is one. */
    readonly unavailable: string | undefined,
    private readonly besidePool?: PolicyPool,
  ) {}

  /** @throws Error when the database of the resources cannot be asked. */
  static async open(
    connection: ServerConnection,
    options: PolicyDatabaseOptions,
  ): Promise<PolicyDatabase> {
    const provide = (): Promise<PolicyLogin> => providePolicyLogin(connection, options.loginUrl);
    const login = await provide();
    if (login.kind === 'none') return new PolicyDatabase(undefined, options, login.why);
    const renew = options.loginUrl === undefined ? provide : undefined;
    const pool = new PolicyPool(login.options, options, renew);
    const beside = new PolicyPool(login.options, { ...options, poolSize: 1 }, renew);
    const database = new PolicyDatabase(pool, options, undefined, beside);
    await database.tryLogin();
    return database;
  }

  /** The same on one connection of its own, for what must not keep decisions waiting. */
  get beside(): PolicyDatabase {
    return new PolicyDatabase(this.besidePool, this.options, this.unavailable);
  }

  /**
   * The rows of one SELECT, each a list of texts and nulls.
   *
   * @throws StatementFailed when it fails, takes too long, or finds no connection in time.
   */
  async rows(text: string, values: readonly (string | null)[]): Promise<readonly unknown[][]> {
    const query = { ...ONE_STATEMENT, text, values: [...values], rowMode: 'array' as const };
    return this.onConnection(false, async (client) => (await client.query<unknown[]>(query)).rows);
  }

  /**
   * Has the database read a statement without running it.
   *
   * @throws StatementFailed when it cannot be run.
   */
  async check(text: string): Promise<void> {
    const query = { ...ONE_STATEMENT, text: `PREPARE policy_check AS ${text}` };
    await this.onConnection(true, (client) => client.query(query));
  }

  async close(): Promise<void> {
    await Promise.all([this.pool?.close(), this.besidePool?.close()]);
  }

  /** What keeps statements from being run is better known at start than at the first decision. */
  private async tryLogin(): Promise<void> {
    try {
      await this.rows('SELECT 1', []);
    } catch (error) {
      const reason = error instanceof Error ? error.message : 'unknown failure';
      this.options.warn(`Policies with engine sql count as false as it is now: ${reason}`);
    }
  }

  private async onConnection<T>(
    isWithoutRequest: boolean,
    work: (client: PoolClient) => Promise<T>,
  ): Promise<T> {
    const { pool } = this;
    if (!pool) throw new StatementFailed('there is no database login for policies');
    const { timeoutMs } = this.options;
    try {
      const client = await pool.connect();
      return await this.inTransaction(pool, client, work);
    } catch (error) {
      if (error instanceof pg.DatabaseError) pool.refused(error.code);
      throw statementFailed(error, { isWithoutRequest, timeoutMs });
    }
  }

  private async inTransaction<T>(
    pool: PolicyPool,
    client: PoolClient,
    work: (client: PoolClient) => Promise<T>,
  ): Promise<T> {
    try {
      await client.query(this.beginning());
      if (!pool.isKnown(client)) await this.requireRestricted(pool, client);
      return await work(client);
    } finally {
      // Nobody waits for this; the connection is not given to anybody else before.
      void pool.giveBack(client);
    }
  }

  /** Asked of each connection once, as rights may change while a login is used. */
  private async requireRestricted(pool: PolicyPool, client: PoolClient): Promise<void> {
    const excess = await excessOf(client);
    if (excess !== undefined) {
      throw new StatementFailed(`the database login of policies ${excess}`, INSUFFICIENT_PRIVILEGE);
    }
    const backend = await backendOf(client);
    if (backend) pool.servedBy(client, backend);
  }

  /** Names are looked up among functions of PostgreSQL and the relations only, strings read as by the parser. */
  private beginning(): string {
    return `BEGIN READ ONLY;
      SET LOCAL statement_timeout = ${this.options.timeoutMs};
      SET LOCAL lock_timeout = ${this.options.timeoutMs};
      SET LOCAL search_path = pg_catalog, ${RELATIONS_SCHEMA}, pg_temp;
      SET LOCAL standard_conforming_strings = on;
      SET LOCAL work_mem = '8MB';
      SET LOCAL max_parallel_workers_per_gather = 0`;
  }
}
