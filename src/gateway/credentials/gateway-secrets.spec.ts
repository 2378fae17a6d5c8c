import { Logger } from '@nestjs/common';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GatewaySettings, UpstreamAccess } from '../gateway-settings.js';
import { GatewaySecrets } from './gateway-secrets.js';

let folder: string;
let secrets: GatewaySecrets;

beforeAll(async () => {
  Logger.overrideLogger(false);
  folder = mkdtempSync(join(tmpdir(), 'wardgate-gateway-secrets-'));
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const access: UpstreamAccess = {
    auth: 'header',
    authHeader: 'authorization',
    authValue: 'given',
    clientKeyAlgorithm: 'RS384',
    identity: 'none',
    // As large as what systems trust.
    caFile: file('ca', 'x'.repeat(300_000)),
    tokenCaFile: file('token-ca', 'x'.repeat(1_048_577)),
    certificateFile: file('certificate', 'certificate\n'),
  };
  secrets = new GatewaySecrets({ access } as GatewaySettings);
  await secrets.onModuleInit();
});

afterAll(() => {
  secrets.onModuleDestroy();
  rmSync(folder, { recursive: true });
});

describe('the secrets of the gateway', () => {
  it('are those that were given, and those in files up to 1 MiB', () => {
    expect(secrets.current('authValue')).toBe('given');
    expect(secrets.current('certificate')).toBe('certificate');
    expect(secrets.current('ca')).toHaveLength(300_000);
  });

  it('are none where a file is larger, or none is named', () => {
    expect(secrets.current('tokenCa')).toBeUndefined();
    expect(secrets.current('clientKey')).toBeUndefined();
  });
});
