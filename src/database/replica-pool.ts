import { DataSource } from 'typeorm';
import { dataSourceOptions } from './data-source.js';
import type { WidePoolSettings } from './pools.js';

/** Connections to a physical replica, opened when they are first wanted: it may be away at any time. */
export class ReplicaPool {
  private opening: Promise<DataSource> | undefined;

  /** @param url `undefined` where there is no replica */
  constructor(
    private readonly url: string | undefined,
    readonly settings: WidePoolSettings,
  ) {}

  /** Whether there is one. */
  get isConfigured(): boolean {
    return this.url !== undefined;
  }

  /** @throws what the driver throws when it cannot be reached; the next call tries again */
  async open(): Promise<DataSource> {
    this.opening ??= this.connect();
    try {
      return await this.opening;
    } catch (error) {
      this.opening = undefined;
      throw error;
    }
  }

  async close(): Promise<void> {
    const dataSource = await this.opening?.catch(() => undefined);
    await dataSource?.destroy();
  }

  private connect(): Promise<DataSource> {
    const options = dataSourceOptions(
      { url: this.url ?? '' },
      {
        poolSize: this.settings.poolSize,
        statementTimeoutMs: this.settings.timeoutMs,
        applicationName: 'wardgate replica',
      },
    );
    return new DataSource(options).initialize();
  }
}
