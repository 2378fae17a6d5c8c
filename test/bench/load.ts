import { Pool } from 'undici';

/** What a load of requests came to. */
export interface Load {
  readonly requests: number;
  readonly requestsPerSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

/** What is sent, and for how long. */
export interface LoadOptions {
  readonly path: string;
  readonly connections: number;
  readonly durationMs: number;
  /** Sent in turn; empty for none. */
  readonly tokens: readonly string[];
}

/** Sends requests over keep-alive connections, one at a time on each, and fails on any answer but 200. */
export async function load(baseUrl: string, options: LoadOptions): Promise<Load> {
  const { path, connections, durationMs, tokens } = options;
  const pool = new Pool(baseUrl, { connections, pipelining: 1 });
  const latencies: number[] = [];
  let next = 0;
  const startedAt = performance.now();
  const endsAt = startedAt + durationMs;
  const sender = async () => {
    while (performance.now() < endsAt) {
      const token = tokens[next++ % Math.max(tokens.length, 1)];
      const sentAt = performance.now();
      const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
      const { statusCode, body } = await pool.request({ path, method: 'GET', headers });
      await body.dump();
      if (statusCode !== 200) throw new Error(`${path} answered ${statusCode}`);
      latencies.push(performance.now() - sentAt);
    }
  };
  await Promise.all(Array.from({ length: connections }, sender));
  const seconds = (performance.now() - startedAt) / 1000;
  await pool.close();
  latencies.sort((a, b) => a - b);
  const at = (share: number) => latencies[Math.floor(latencies.length * share)] ?? Number.NaN;
  return {
    requests: latencies.length,
    requestsPerSecond: latencies.length / seconds,
    p50: at(0.5),
    p99: at(0.99),
  };
}
