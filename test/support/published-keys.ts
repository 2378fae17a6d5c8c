import { introspectionFixture, type IntrospectionFixture } from './introspection-fixture.js';
import { startJwksServer, type JwksServer } from './jwks-server.js';
import { accessClaims, ecKey, signJwt, type SigningKey } from './token-signer.js';

/** The issuer of the tokens. */
export const ISS = 'https://auth.example.com';

/** The key that the issuer publishes at first. */
export const first = ecKey('first');

/** Another key of the issuer. */
export const second = ecKey('second');

/** An issuer that publishes its keys, and an introspector of it; both anew for each test. */
export class PublishedKeys {
  server!: JwksServer;
  fixture!: IntrospectionFixture;

  async start(): Promise<void> {
    this.server = await startJwksServer([first.jwk]);
    this.fixture = introspectionFixture();
    this.store(this.fixture);
  }

  async stop(): Promise<void> {
    await this.fixture.stop();
    await this.server.stop();
  }

  /** Gives a fixture the introspector, with other elements. */
  store(target: IntrospectionFixture, elements: object = {}): void {
    const { jwksUri } = this.server;
    const resource = { id: 'i', meta: { versionId: '1' }, type: 'jwt', jwks_uri: jwksUri };
    target.introspectors.set({ ...resource, jwt: { iss: ISS }, cache_ttl: 60, ...elements });
  }

  /** A token of the issuer that none is like. */
  token(key: SigningKey, header: Record<string, unknown> = {}): string {
    const claims = { ...accessClaims(ISS, this.fixture.clock.now()), jti: crypto.randomUUID() };
    return signJwt(key, claims, header);
  }
}
