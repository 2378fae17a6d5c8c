import { createServer, connect, type AddressInfo, type Socket } from 'node:net';

/** A way to a database server that can be blocked, between a Wardgate and its database. */
export interface PausableProxy {
  /** The database through the proxy, as DATABASE_URL takes it. */
  readonly url: string;
  /** Passes nothing on any more and answers nothing, as a network that drops every packet. */
  pause(): void;
  /** Closes all connections and every new one, as a server that is down. */
  cut(): void;
  /** Never passes anything on again over the connections of now; new ones work. */
  abandon(): void;
  /** Passes on again, what was held back included. */
  resume(): void;
  stop(): Promise<void>;
}

/** Opens a proxy on loopback before the database that a URL names. */
export async function openProxy(databaseUrl: string): Promise<PausableProxy> {
  const url = new URL(databaseUrl.replace('@/', '@socket/'));
  const target = targetOf(url);
  const sockets = new Set<Socket>();
  let state: 'open' | 'paused' | 'cut' = 'open';
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    if (state === 'paused') socket.pause();
  };
  const server = createServer({ pauseOnConnect: true }, (caller) => {
    if (state === 'cut') return void caller.destroy();
    const database = connect(target);
    for (const socket of [caller, database]) keep(socket);
    caller.on('close', () => database.destroy());
    database.on('close', () => caller.destroy());
    caller.on('data', (chunk) => database.write(chunk));
    database.on('data', (chunk) => caller.write(chunk));
    if (state === 'open') for (const socket of [caller, database]) socket.resume();
    else for (const socket of [caller, database]) socket.pause();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  for (const parameter of ['host', 'port']) url.searchParams.delete(parameter);
  const abandoned = new Set<Socket>();
  const destroyAll = (): void => {
    for (const socket of [...sockets, ...abandoned]) socket.destroy();
  };
  return {
    url: url.href,
    pause: () => {
      state = 'paused';
      for (const socket of sockets) socket.pause();
    },
    cut: () => {
      state = 'cut';
      destroyAll();
    },
    abandon: () => {
      for (const socket of sockets) abandoned.add(socket.pause());
      sockets.clear();
    },
    resume: () => {
      state = 'open';
      for (const socket of sockets) socket.resume();
    },
    stop: async () => {
      destroyAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function targetOf(url: URL): { readonly path: string } | { host: string; port: number } {
  const folder = url.searchParams.get('host');
  const port = Number(url.searchParams.get('port') ?? (url.port || 5432));
  return folder === null ? { host: url.hostname, port } : { path: `${folder}/.s.PGSQL.${port}` };
}
