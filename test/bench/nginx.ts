import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cpuMicroseconds, freePort, residentMiB, type ServerProcess } from './process.js';

/** The program; a path or a name that is looked for. */
const NGINX = process.env['BENCH_NGINX'] ?? 'nginx';

/** Whether there is an nginx to compare with. */
export function hasNginx(): boolean {
  return spawnSync(NGINX, ['-v']).status === 0;
}

/** nginx that passes everything to one server over kept connections, in one process. */
export async function startNginx(upstreamUrl: string): Promise<ServerProcess> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'bench-nginx-'));
  const startedAt = performance.now();
  writeFileSync(join(folder, 'nginx.conf'), configuration(port, new URL(upstreamUrl).host));
  const child = spawn(NGINX, ['-p', folder, '-c', 'nginx.conf', '-e', 'stderr'], {
    stdio: 'ignore',
  });
  const baseUrl = `http://127.0.0.1:${port}`;
  while (!(await fetch(baseUrl).catch(() => undefined))) {
    if (child.exitCode !== null) throw new Error(`nginx ended with ${child.exitCode}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return {
    baseUrl,
    startMs: performance.now() - startedAt,
    residentMiB: () => residentMiB(child.pid),
    cpuMicroseconds: () => cpuMicroseconds(child.pid),
    stop: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}

/** One worker without a master, and connections that live as long as Wardgate keeps its own. */
function configuration(port: number, upstream: string): string {
  return `
daemon off;
master_process off;
pid nginx.pid;
events { worker_connections 256; }
http {
  access_log off;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  keepalive_requests 10000000;
  upstream fhir {
    server ${upstream};
    keepalive 64;
    keepalive_requests 10000000;
  }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://fhir;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $host;
    }
  }
}
`;
}
