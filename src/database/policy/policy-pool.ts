import { setTimeout as delay } from 'node:timers/promises';
import pg, { type ClientConfig, type PoolClient } from 'pg';
import { isAtWork, type Backend } from './backend.js';
import type { PolicyLogin } from './policy-login.js';
import { StatementFailed } from './statement-failed.js';

/** How statements of policies are run. */
export interface PolicyPoolOptions {
  readonly timeoutMs: number;
  /** Most connections at once. */
  readonly poolSize: number;
  /** Told of connections that fail while nobody uses them. */
  warn(message: string): void;
}

/** Statements that wait for a connection, for each connection there is. */
const WAITING_PER_CONNECTION = 25;
/** What the cancellation of a statement may take before its connection is given up. */
const CANCEL_PATIENCE_MS = 1_000;
const IDLE_MS = 30_000;
const ASK_AGAIN_MS = 1_000;
const RENEW_EVERY_MS = 10_000;
/** The password is wrong, the login is gone, or it lacks a right; without one on their schema no relation is seen. */
const LOGIN_REFUSED: ReadonlySet<string | undefined> = new Set([
  '28P01',
  '28000',
  '42501',
  '42P01',
]);

/**
 * Connections for statements of policies. One counts until the server has done with what it was given: some
 * functions of PostgreSQL do not notice that their time is over, and giving up their connections for new
 * ones would fill the server.
 */
export class PolicyPool {
  private pool: pg.Pool;
  private readonly closing = new AbortController();
  private readonly backends = new WeakMap<PoolClient, Backend>();
  private renewedAt = -Infinity;

  constructor(
    private login: ClientConfig,
    private readonly options: PolicyPoolOptions,
    /** Makes sure of the login; `undefined` for one that somebody else takes care of. */
    private readonly renew: (() => Promise<PolicyLogin>) | undefined,
  ) {
    this.pool = this.newPool();
  }

  /** @throws StatementFailed when too many wait already, and what keeps the connection from being made. */
  async connect(): Promise<PoolClient> {
    if (this.pool.waitingCount >= this.options.poolSize * WAITING_PER_CONNECTION) {
      throw new StatementFailed('too many statements of policies wait for a connection');
    }
    return this.pool.connect();
  }

  /** Names the process that serves a connection, so that its end can be waited for. */
  servedBy(client: PoolClient, backend: Backend): void {
    this.backends.set(client, backend);
  }

  /** Whether the connection was seen to. */
  isKnown(client: PoolClient): boolean {
    return this.backends.has(client);
  }

  /** Ends what a statement has begun and forgets what it has set; a connection that cannot is closed. */
  async giveBack(client: PoolClient): Promise<void> {
    try {
      await client.query('ROLLBACK');
      await client.query('DISCARD ALL');
      client.release();
    } catch {
      await this.untilDone(this.backends.get(client));
      client.release(true);
    }
  }

  /** After the server has refused the login, makes sure of it again; not often, and nobody waits for it. */
  refused(code: string | undefined): void {
    const now = performance.now();
    if (!this.renew || !LOGIN_REFUSED.has(code) || now < this.renewedAt + RENEW_EVERY_MS) return;
    this.renewedAt = now;
    this.renew().then(
      (login) => this.replace(login),
      (error: unknown) => {
        this.options.warn(`The login of policies cannot be renewed: ${String(error)}`);
      },
    );
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.pool.end();
  }

  private replace(login: PolicyLogin): void {
    if (login.kind === 'none' || this.closing.signal.aborted) return;
    const old = this.pool;
    this.login = login.options;
    this.pool = this.newPool();
    void old.end();
    this.options.warn('The login of policies was refused and has been renewed');
  }

  private async untilDone(backend: Backend | undefined): Promise<void> {
    const { signal } = this.closing;
    while (backend && !signal.aborted && (await isAtWork(backend, this.login))) {
      await delay(ASK_AGAIN_MS, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  private newPool(): pg.Pool {
    const { timeoutMs, poolSize } = this.options;
    const pool = new pg.Pool({
      ...this.login,
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
    // While a connection is used the pool does not listen, and an error nobody listens to ends the process.
    pool.on('connect', (client) => client.on('error', () => undefined));
    return pool;
  }
}
