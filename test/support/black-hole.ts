import { connect, createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/** Passes bytes on to Redis until it is told to swallow them, as a network that is gone would. */
export interface BlackHole {
  readonly url: string;
  swallow(): void;
  stop(): Promise<void>;
}

/** Stands between Redis and those that use it. */
export async function blackHole(redisUrl: string): Promise<BlackHole> {
  const target = new URL(redisUrl);
  const sockets = new Set<Socket>();
  let isSwallowing = false;
  const server: Server = createServer((client) => {
    const redis = connect(Number(target.port), target.hostname);
    for (const [from, to] of [
      [client, redis],
      [redis, client],
    ] as const) {
      sockets.add(from);
      from.on('data', (bytes) => {
        if (!isSwallowing) to.write(bytes);
      });
      from.on('error', () => to.destroy());
      from.on('close', () => to.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    swallow: () => {
      isSwallowing = true;
    },
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
