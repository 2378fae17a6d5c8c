import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RecordingLogger } from './recording-logger.js';
import { startTestApp, type Reply, type TestApp } from './test-app.js';
import { createTestDatabase, type TestDatabase } from './test-database.js';
import { accessClaims, secretKey, signJwt } from './token-signer.js';

/** What the file of `hmac` holds at first, and what tests replace it by. */
export const FIRST = 'the first value of the secret in the file';
export const SECOND = 'the second value of the secret in the file';
/** What the file of `client` holds. */
export const CLIENT_SECRET = 'the secret of the client in the file';

/** A Wardgate whose secrets lie in files of a folder of its own. */
export interface SecretFiles {
  readonly app: TestApp;
  readonly database: TestDatabase;
  readonly logger: RecordingLogger;
  /** `BOX_VAULT_CONFIG` as it was started with. */
  readonly vaultConfig: string;
  file(name: string): string;
  /** As programs that rotate secrets do it: a new file takes the place of the old one at once. */
  replace(name: string, text: string | Buffer): Promise<void>;
  root(method: string, path: string, body?: unknown): Promise<Reply>;
  /** Reads with a token of the issuer, signed with the secret; any valid token may. */
  read(iss: string, secret: string): Promise<Reply>;
  stop(): Promise<void>;
}

/** Starts it, with a log that keeps everything. */
export async function startWithSecretFiles(): Promise<SecretFiles> {
  const folder = await mkdtemp(join(tmpdir(), 'wardgate-secrets-'));
  const file = (name: string): string => join(folder, name);
  await writeFile(file('hmac'), `${FIRST}\n`);
  await writeFile(file('client'), CLIENT_SECRET);
  const vaultConfig = configOf(file);
  const database = await createTestDatabase();
  const logger = new RecordingLogger();
  const app = await startTestApp({ BOX_VAULT_CONFIG: vaultConfig }, database, logger);
  await app.put('/fhir/AccessPolicy/basic', {
    engine: 'matcho',
    matcho: { uri: '/fhir/Basic', jwt: 'present?' },
  });
  return {
    app,
    database,
    logger,
    vaultConfig,
    file,
    replace: async (name, text) => {
      await writeFile(file(`${name}.new`), text);
      await rename(file(`${name}.new`), file(name));
    },
    root: (method, path, body) =>
      app.call(method, path, { asRoot: true, ...(body === undefined ? {} : { body }) }),
    read: (iss, secret) =>
      app.call('GET', '/fhir/Basic', { token: signJwt(secretKey(secret), accessClaims(iss)) }),
    stop: async () => {
      await app.stop();
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What stands on `_field` in place of a secret, as the reference writes it. */
export function referenceTo(name: string): { extension: object[] } {
  return {
    extension: [
      { url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'masked' },
      { url: 'http://health-samurai.io/fhir/secret-reference', valueString: name },
    ],
  };
}

/** A TokenIntrospector that verifies with the external secret. */
export function introspector(iss: string, name: string): object {
  return { type: 'jwt', jwt: { iss, _secret: referenceTo(name) } };
}

function configOf(file: (name: string) => string): string {
  const ofType = { resource_type: 'TokenIntrospector' };
  const at = (name: string, scope: object) => ({ path: file(name), scope });
  return JSON.stringify({
    secret: {
      hmac: at('hmac', ofType),
      late: at('late', ofType),
      linked: at('mount/linked', ofType),
      narrow: at('hmac', { ...ofType, id: 'only-this-one' }),
      endpoint: at('hmac', { ...ofType, url: 'https://idp.example/introspect' }),
      client: at('client', { resource_type: 'Client' }),
      provider: at('client', { resource_type: 'IdentityProvider' }),
    },
  });
}
