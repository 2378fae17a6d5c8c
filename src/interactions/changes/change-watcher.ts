import { Client, type ClientConfig } from 'pg';
import { CHANNEL, type ChangeFeed } from './change-feed.js';

/** The second net under lost notifications; well below the one-second bound of spec §10. */
const POLL_MS = 500;
const RECONNECT_MS = 1000;
const PRUNE_MS = 600_000;

/** Wakes the {@link ChangeFeed}: at once when another instance commits, and by polling in any case. */
export class ChangeWatcher {
  private client: Client | undefined;
  private timers: NodeJS.Timeout[] = [];
  private isStopped = false;

  constructor(
    private readonly feed: ChangeFeed,
    private readonly connection: ClientConfig,
    private readonly onFailure: (what: string, error: unknown) => void,
  ) {}

  async start(): Promise<void> {
    await this.listen();
    this.timers = [
      setInterval(() => void this.wake(), POLL_MS),
      setInterval(() => void this.prune(), PRUNE_MS),
    ];
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    for (const timer of this.timers) clearInterval(timer);
    await this.client?.end().catch(() => undefined);
  }

  private async wake(): Promise<void> {
    await this.feed.catchUp().catch((error: unknown) => this.report('catching up', error));
  }

  private async prune(): Promise<void> {
    await this.feed.prune().catch((error: unknown) => this.report('pruning the log', error));
  }

  private async listen(): Promise<void> {
    const client = new Client({ ...this.connection, keepAlive: true });
    client.on('notification', () => void this.wake());
    client.on('error', (error) => this.reconnect(error));
    client.on('end', () => this.reconnect(undefined));
    this.client = client;
    await client.connect();
    await client.query(`LISTEN ${CHANNEL}`);
  }

  private reconnect(error: unknown): void {
    if (this.isStopped || !this.client) return;
    this.client.removeAllListeners('end');
    this.client.removeAllListeners('error');
    this.client.on('error', () => undefined);
    this.client.end().catch(() => undefined);
    this.client = undefined;
    this.report('listening for changes', error);
    this.retryListening();
  }

  private retryListening(): void {
    const timer = setTimeout(() => {
      if (this.isStopped) return;
      this.listen()
        .then(() => this.wake())
        .catch((error: unknown) => this.reconnect(error));
    }, RECONNECT_MS);
    timer.unref();
  }

  private report(what: string, error: unknown): void {
    if (!this.isStopped) this.onFailure(what, error);
  }
}
