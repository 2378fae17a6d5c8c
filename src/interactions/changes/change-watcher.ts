import { Socket } from 'node:net';
import { Client, type ClientConfig } from 'pg';
import { CHANNEL, type ChangeFeed } from './change-feed.js';

/** The second net under lost notifications; well below the one-second bound of spec §10. */
const POLL_MS = 500;
const RECONNECT_MS = 1000;
const PRUNE_MS = 600_000;
const CONNECT_TIMEOUT_MS = 10_000;
const FAREWELL_MS = 1000;

/** Where a watcher reports. It tries again by itself; each outage is reported once. */
export interface ChangeWatcherLog {
  failed(what: string, error: unknown): void;
  recovered(what: string): void;
}

/** A connection that listens, and the socket under it, which can be closed without the server's help. */
interface Listener {
  readonly client: Client;
  readonly socket: Socket;
}

/** Wakes the {@link ChangeFeed}: at once when another instance commits, and by polling in any case. */
export class ChangeWatcher {
  private listener: Listener | undefined;
  private timers: NodeJS.Timeout[] = [];
  private retry: NodeJS.Timeout | undefined;
  private readonly failing = new Set<string>();
  private isStopped = false;

  constructor(
    private readonly feed: ChangeFeed,
    private readonly connection: ClientConfig,
    private readonly log: ChangeWatcherLog,
  ) {}

  /** Resolves when it listens, or when that has failed once, which polling makes up for. */
  async start(): Promise<void> {
    this.timers = [
      setInterval(() => void this.wake(), POLL_MS),
      setInterval(() => void this.prune(), PRUNE_MS),
    ];
    await this.listen();
  }

  /** Ends the connection too; one that does not answer is dropped. */
  async stop(): Promise<void> {
    this.isStopped = true;
    for (const timer of this.timers) clearInterval(timer);
    clearTimeout(this.retry);
    if (!this.listener) return;
    const { client, socket } = this.listener;
    const cut = setTimeout(() => socket.destroy(), FAREWELL_MS);
    await client.end().catch(() => undefined);
    clearTimeout(cut);
  }

  private wake(): Promise<void> {
    return this.attempt('Catching up with changes', () => this.feed.catchUp());
  }

  private prune(): Promise<void> {
    return this.attempt('Pruning the change log', () => this.feed.prune());
  }

  private listen(): Promise<void> {
    const listener = this.newListener();
    this.listener = listener;
    return this.attempt(LISTENING, async () => {
      try {
        await listener.client.connect();
        await listener.client.query(`LISTEN ${CHANNEL}`);
      } catch (error) {
        this.lose(listener);
        throw error;
      }
      // What was announced while nobody listened.
      await this.wake();
    });
  }

  private newListener(): Listener {
    const socket = new Socket();
    const client = new Client({
      ...this.connection,
      keepAlive: true,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      query_timeout: CONNECT_TIMEOUT_MS,
      stream: () => socket,
    });
    const listener = { client, socket };
    client.on('notification', () => void this.wake());
    client.on('error', (error) => {
      this.report(LISTENING, error);
      this.lose(listener);
    });
    client.on('end', () => {
      this.lose(listener);
    });
    return listener;
  }

  private lose(listener: Listener): void {
    if (this.isStopped || this.listener !== listener) return;
    this.listener = undefined;
    listener.socket.destroy();
    this.retry = setTimeout(() => void this.listen(), RECONNECT_MS);
  }

  private async attempt(what: string, action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      this.report(what, error);
      return;
    }
    if (this.failing.delete(what) && !this.isStopped) this.log.recovered(what);
  }

  private report(what: string, error: unknown): void {
    if (this.isStopped || this.failing.has(what)) return;
    this.failing.add(what);
    this.log.failed(what, error);
  }
}

const LISTENING = 'Listening for changes';
