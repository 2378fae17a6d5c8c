import pg, { type ClientConfig, type PoolClient } from 'pg';
import type { ServerConnection } from '../server-connection.js';
import { providePolicyLogin, RELATIONS_SCHEMA } from './policy-login.js';
import { excessOf } from './restricted-login.js';

/** How statements of policies are run. */
export interface PolicyDatabaseOptions {
  readonly timeoutMs: number;
  /** Most connections at once. */
  readonly poolSize: number;
  /** A login that an administrator has made; without it Wardgate makes one. */
  readonly loginUrl: string | undefined;
  /** Told of connections that fail while nobody uses them. */
  warn(message: string): void;
}

/** Statements that wait for a connection, for each connection there is. */
const WAITING_PER_CONNECTION = 25;
/** What the cancellation of a statement may take before its connection is given up. */
const CANCEL_PATIENCE_MS = 1_000;
const IDLE_MS = 30_000;
const INSUFFICIENT_PRIVILEGE = '42501';
const QUERY_CANCELED = '57014';

/** A statement that has not been answered; the message says why and holds no value of a request. */
export class StatementFailed extends Error {
  constructor(
    message: string,
    /** SQLSTATE; `undefined` when the database has not said anything. */
    readonly code?: string,
  ) {
    super(message);
    this.name = 'StatementFailed';
  }
}

/**
 * Where statements of policies run: connections of their own, whose session user can read the relations
 * of policies and nothing else, so that no statement can take back what restricts it (docs/database.md).
 */
export class PolicyDatabase {
  private readonly pool: pg.Pool | undefined;
  private readonly restricted = new WeakSet<PoolClient>();

  private constructor(
    login: ClientConfig | undefined,
    private readonly options: PolicyDatabaseOptions,
    /** Why there is no login; `undefined` when there is one. */
    readonly unavailable: string | undefined,
  ) {
    this.pool = login && this.newPool(login);
  }

  /** @throws Error when the database of the resources cannot be asked. */
  static async open(
    connection: ServerConnection,
    options: PolicyDatabaseOptions,
  ): Promise<PolicyDatabase> {
    const login = await providePolicyLogin(connection, options.loginUrl);
    return login.kind === 'login'
      ? new PolicyDatabase(login.options, options, undefined)
      : new PolicyDatabase(undefined, options, login.why);
  }

  /**
   * The rows of one SELECT, each a list of texts and nulls.
   *
   * @throws StatementFailed when it fails, takes too long, or finds no connection in time.
   */
  async rows(text: string, values: readonly (string | null)[]): Promise<readonly unknown[][]> {
    return this.onConnection(async (client) => {
      const query = { text, values: [...values], rowMode: 'array' as const };
      return (await client.query<unknown[]>(query)).rows;
    });
  }

  /**
   * Has the database read a statement without running it.
   *
   * @throws StatementFailed when it cannot be run.
   */
  async check(text: string): Promise<void> {
    await this.onConnection((client) => client.query(`PREPARE policy_check AS ${text}`));
  }

  async close(): Promise<void> {
    await this.pool?.end();
  }

  private newPool(login: ClientConfig): pg.Pool {
    const { timeoutMs, poolSize } = this.options;
    const pool = new pg.Pool({
      ...login,
      max: poolSize,
      application_name: 'wardgate policies',
      // Also what waiting for a connection may take.
      connectionTimeoutMillis: timeoutMs,
      idleTimeoutMillis: IDLE_MS,
      query_timeout: timeoutMs + CANCEL_PATIENCE_MS,
    });
    pool.on('error', (error) => {
      this.options.warn(`A connection of policies was lost: ${error.message}`);
    });
    return pool;
  }

  private async onConnection<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    const client = await this.connection();
    try {
      await this.requireRestricted(client);
      await client.query(this.beginning());
      return await work(client);
    } catch (error) {
      throw this.failure(error);
    } finally {
      // Nobody waits for this; the connection is not given to anybody else before.
      void clean(client);
    }
  }

  /** Asked of each connection once, as rights may change while a login is used. */
  private async requireRestricted(client: PoolClient): Promise<void> {
    if (this.restricted.has(client)) return;
    const excess = await excessOf(client);
    if (excess !== undefined) {
      throw new StatementFailed(`the database login of policies ${excess}`, INSUFFICIENT_PRIVILEGE);
    }
    this.restricted.add(client);
  }

  private async connection(): Promise<PoolClient> {
    const { pool, options } = this;
    if (!pool) throw new StatementFailed('there is no database login for policies');
    if (pool.waitingCount >= options.poolSize * WAITING_PER_CONNECTION) {
      throw new StatementFailed('too many statements of policies wait for a connection');
    }
    try {
      return await pool.connect();
    } catch (error) {
      throw this.failure(error);
    }
  }

  /** Names are looked up among functions of PostgreSQL and the relations only, strings read as by the parser. */
  private beginning(): string {
    return `BEGIN READ ONLY;
      SET LOCAL statement_timeout = ${this.options.timeoutMs};
      SET LOCAL lock_timeout = ${this.options.timeoutMs};
      SET LOCAL search_path = pg_catalog, ${RELATIONS_SCHEMA}, pg_temp;
      SET LOCAL standard_conforming_strings = on;
      SET LOCAL max_parallel_workers_per_gather = 0`;
  }

  private failure(error: unknown): StatementFailed {
    if (error instanceof StatementFailed) return error;
    if (!(error instanceof pg.DatabaseError)) {
      const message = error instanceof Error ? error.message : 'unknown failure';
      return new StatementFailed(message);
    }
    const { code = '' } = error;
    if (code === QUERY_CANCELED) {
      return new StatementFailed(`took longer than ${this.options.timeoutMs} ms`, code);
    }
    // Other messages may quote what the request says.
    const isAboutStatement = code.startsWith('42');
    return new StatementFailed(isAboutStatement ? error.message : `SQLSTATE ${code}`, code);
  }
}

/** Ends what a statement has begun and forgets what it has set; a connection that cannot is closed. */
async function clean(client: PoolClient): Promise<void> {
  try {
    await client.query('ROLLBACK');
    await client.query('DISCARD ALL');
    client.release();
  } catch {
    client.release(true);
  }
}
