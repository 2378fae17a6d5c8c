import { Logger } from '@nestjs/common';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeProtectedHeader } from 'jose';
import { CertificateAuthority } from '../../../test/support/certificates.js';
import { startFakeUpstream, type FakeUpstream } from '../../../test/support/fake-upstream.js';
import type { GatewaySettings, UpstreamAccess } from '../gateway-settings.js';
import { NOBODY } from '../upstream/nobody.js';
import { credentialsOf } from './credentials-of.js';
import { GatewaySecrets } from './gateway-secrets.js';

const TLS = { context: undefined, onChange: () => undefined };
const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
const { cert, key } = new CertificateAuthority('authority').issue({ name: 'client' }, keys);

let folder: string;
let issuer: FakeUpstream;

beforeAll(async () => {
  Logger.overrideLogger(false);
  folder = mkdtempSync(join(tmpdir(), 'wardgate-credentials-'));
  issuer = await startFakeUpstream('/token');
  issuer.answerJson({ access_token: 't1', token_type: 'Bearer' });
});

beforeEach(() => {
  issuer.calls.length = 0;
});

afterAll(async () => {
  await issuer.stop();
  rmSync(folder, { recursive: true });
});

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

/** The `authorization` that a client with these files sends. */
async function sentBy(
  auth: UpstreamAccess['auth'],
  files: Partial<UpstreamAccess>,
): Promise<string | undefined> {
  const access: UpstreamAccess = {
    auth,
    authHeader: 'authorization',
    tokenUrl: issuer.url,
    clientId: 'wardgate',
    clientKeyAlgorithm: 'PS256',
    identity: 'none',
    ...files,
  };
  const secrets = new GatewaySecrets({ access } as GatewaySettings);
  await secrets.onModuleInit();
  secrets.onModuleDestroy();
  const headers = await credentialsOf({ access }, secrets, TLS).headers(
    NOBODY,
    AbortSignal.timeout(10_000),
  );
  return headers['authorization'];
}

describe('a token', () => {
  it('is asked for with what the files hold', async () => {
    const files = {
      clientKeyFile: file('key', key),
      clientCertificateFile: file('certificate', cert),
    };

    await expect(sentBy('private-key-jwt', files)).resolves.toBe('Bearer t1');
    const form = new URLSearchParams(issuer.calls[0]?.body);
    expect(decodeProtectedHeader(form.get('client_assertion') ?? '')).toHaveProperty('x5t#S256');
  });

  it.each<[string, UpstreamAccess['auth'], () => Partial<UpstreamAccess>]>([
    ['the secret', 'client-credentials', () => ({ clientSecretFile: join(folder, 'none') })],
    ['the key', 'private-key-jwt', () => ({ clientKeyFile: join(folder, 'none') })],
    ['the key of a grant', 'jwt-bearer', () => ({ clientKeyFile: join(folder, 'none') })],
    [
      'the certificate of the key',
      'private-key-jwt',
      () => ({ clientKeyFile: file('key', key), clientCertificateFile: join(folder, 'none') }),
    ],
    [
      'a certificate at all',
      'private-key-jwt',
      () => ({ clientKeyFile: file('key', key), clientCertificateFile: file('damaged', 'x') }),
    ],
  ])('is not asked for where a file does not hold %s', async (_name, auth, files) => {
    await expect(sentBy(auth, files())).rejects.toMatchObject({ status: 502 });
    expect(issuer.calls).toEqual([]);
  });
});
