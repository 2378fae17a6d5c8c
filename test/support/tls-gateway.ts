import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TlsOptions } from 'node:tls';
import { CertificateAuthority, type Certified } from './certificates.js';
import type { FakeUpstream } from './fake-upstream.js';
import type { Reply, TestApp } from './test-app.js';

/** Who signs what gateways show. */
export const CLIENTS = new CertificateAuthority('authority of the clients');
/** Who signs what upstreams and token endpoints show. */
export const SERVERS = new CertificateAuthority('authority of the servers');
/** Of the same names, but nobody trusts them. */
export const OTHER_CLIENTS = new CertificateAuthority('authority of the clients');
export const OTHER_SERVERS = new CertificateAuthority('authority of the servers');
/** What the gateway shows. */
export const WARDGATE = CLIENTS.issue({ name: 'wardgate' });

/** A server that talks to the clients of one authority only. */
export function serverTls(certified = SERVERS.issue({ name: 'upstream' })): TlsOptions {
  return { ...certified, ca: CLIENTS.certificate, requestCert: true, rejectUnauthorized: true };
}

/** Common names of the certificates that a server was shown. */
export function shownTo({ calls }: FakeUpstream): readonly unknown[] {
  return calls.map(({ certificate }) => certificate);
}

/** Reads the resource that upstreams of these tests have. */
export function readPatient(app: TestApp): Promise<Reply> {
  return app.call('GET', '/fhir/Patient/p1', { asRoot: true });
}

/** The files of a gateway, in a folder of their own. */
export class TlsFiles {
  private readonly folder = mkdtempSync(join(tmpdir(), 'wardgate-tls-'));

  /** Replaces a file as programs do it that renew certificates, by renaming; answers its path. */
  write(name: string, text: string): string {
    const path = join(this.folder, name);
    writeFileSync(`${path}.new`, text);
    renameSync(`${path}.new`, path);
    return path;
  }

  remove(name: string): void {
    rmSync(join(this.folder, name));
  }

  /** The settings of what is shown. */
  shown({ cert, key }: Certified): Record<string, string> {
    return {
      WARDGATE_UPSTREAM_CERTIFICATE_FILE: this.write('client.crt', cert),
      WARDGATE_UPSTREAM_CERTIFICATE_KEY_FILE: this.write('client.key', key),
    };
  }

  /** The settings of who may sign what the upstream shows. */
  trusted({ certificate }: CertificateAuthority): Record<string, string> {
    return { WARDGATE_UPSTREAM_CA_FILE: this.write('ca.crt', certificate) };
  }

  clean(): void {
    rmSync(this.folder, { recursive: true });
  }
}
