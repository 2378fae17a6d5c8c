import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';

/** A server in a process of its own. */
export interface ServerProcess {
  readonly baseUrl: string;
  /** From spawning the process to its being ready, in ms. */
  readonly startMs: number;
  /** Resident memory now, in MiB; `NaN` where the platform does not tell. */
  residentMiB(): number;
  /** Processor time spent so far, in µs; `NaN` where the platform does not tell. */
  cpuMicroseconds(): number;
  stop(): Promise<void>;
}

/**
 * Starts one variant and waits until it is ready.
 *
 * @param upstreamUrl base URL of the FHIR server behind a gateway
 */
export async function startServer(
  variant: string,
  databaseUrl: string,
  upstreamUrl = '',
): Promise<ServerProcess> {
  const port = await freePort();
  const script = fileURLToPath(new URL('./server.js', import.meta.url));
  const startedAt = performance.now();
  const child = spawn(process.execPath, [script, variant, String(port), databaseUrl, upstreamUrl], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await new Promise<void>((resolve, reject) => {
    child.stdout.once('data', () => resolve());
    child.once('exit', (code) => reject(new Error(`${variant} ended with ${code}`)));
  });
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    startMs: performance.now() - startedAt,
    residentMiB: () => residentMiB(child.pid),
    cpuMicroseconds: () => cpuMicroseconds(child.pid),
    stop: () =>
      new Promise((resolve) => {
        child.removeAllListeners('exit');
        child.once('exit', () => resolve());
        child.kill('SIGKILL');
      }),
  };
}

/** Resident memory of a process, in MiB; `NaN` where the platform does not tell. */
export function residentMiB(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
  } catch {
    return Number.NaN;
  }
}

/**
 * Processor time that a process has spent, in µs; `NaN` where the platform does not tell. Linux counts in
 * ticks, a hundred a second on every platform that Node.js supports.
 */
export function cpuMicroseconds(pid: number | undefined): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) * 10_000;
  } catch {
    return Number.NaN;
  }
}

/** A port of loopback on which nobody listens now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
