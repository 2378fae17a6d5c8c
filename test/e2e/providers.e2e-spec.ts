import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { problems, type Step } from '../support/checking.js';
import { startJwksServer, type JwksServer } from '../support/jwks-server.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { rsaKey, signJwt } from '../support/token-signer.js';

/** A token of the form that a provider issues, and what the resources of its page make of it. */
interface ProviderVector {
  readonly name: string;
  readonly header?: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
  /** Of a request that reads Patients. */
  readonly status: 200 | 401 | 403;
  /** Code with which the check refuses the token. */
  readonly problem?: string;
}

interface Written {
  readonly path: string;
  readonly resource: Record<string, unknown>;
}

const PAGES = new URL('../../docs/providers/', import.meta.url);
const VECTORS = new URL('../vectors/providers/', import.meta.url);
const BLOCK = /```json\nPUT (\S+)\n\n(.*?)```/gs;

const pages = readdirSync(fileURLToPath(PAGES)).map((name) => name.replace(/\.md$/, ''));

function resourcesOf(page: string): readonly Written[] {
  const text = readFileSync(new URL(`${page}.md`, PAGES), 'utf8');
  return [...text.matchAll(BLOCK)].map(([, path = '', body = '']) => ({
    path,
    resource: JSON.parse(body) as Record<string, unknown>,
  }));
}

function vectorsOf(page: string): readonly ProviderVector[] {
  const text = readFileSync(new URL(`${page}.json`, VECTORS), 'utf8');
  return JSON.parse(text) as readonly ProviderVector[];
}

describe('the pages about providers', () => {
  const key = rsaKey('k1');
  let app: TestApp;
  let issuer: JwksServer;

  beforeAll(async () => {
    issuer = await startJwksServer([key.jwk]);
    app = await startTestApp();
  });
  afterAll(async () => {
    await app.stop();
    await issuer.stop();
  });

  /** As the page says, but for the keys, which come from loopback. */
  const writeAll = async (page: string) => {
    for (const { path, resource } of resourcesOf(page)) {
      const isIntrospector = path.includes('/TokenIntrospector/');
      await app.put(path, isIntrospector ? { ...resource, jwks_uri: issuer.jwksUri } : resource);
    }
  };
  const sign = ({ claims, header }: ProviderVector) => {
    const now = Math.floor(Date.now() / 1000);
    return signJwt(key, { iat: now, exp: now + 300, ...claims }, withoutNull(header));
  };

  describe.each(pages)('%s', (page) => {
    it('has resources of each kind, which are accepted as they stand', async () => {
      const resources = resourcesOf(page);

      for (const { path, resource } of resources) {
        const reply = await app.call('PUT', path, { asRoot: true, body: resource });

        expect([reply.status, reply.text]).toEqual([201, expect.anything()]);
        const lacksAudience = page === 'cognito' && path.includes('/TokenIntrospector/');
        expect(reply.headers.get('warning')?.includes('No audience') ?? false).toBe(lacksAudience);
        if (!lacksAudience) expect(reply.headers.get('warning')).toBeNull();
      }
      const types = new Set(resources.map(({ path }) => path.split('/')[2]));
      expect([...types].toSorted()).toEqual([
        'AccessPolicy',
        'IdentityProvider',
        'TokenIntrospector',
      ]);
    });

    it.each(vectorsOf(page))('$name', async (vector) => {
      await writeAll(page);
      const token = sign(vector);
      const [introspector = ''] = resourcesOf(page).map(({ path }) => path);

      const reply = await app.call('GET', '/fhir/Patient', { token });
      const checked = await app.call('POST', `${introspector}/$check`, {
        asRoot: true,
        body: { token },
      });

      expect(reply.status).toBe(vector.status);
      if (vector.problem === undefined) return;
      const steps = checked.json?.['steps'] as readonly Step[];
      expect(steps.map(({ code }) => code)).toContain(vector.problem);
      expect(problems(checked)).not.toEqual([]);
    });
  });
});

/** A member that is null in a vector is left out of the header. */
function withoutNull(header: ProviderVector['header'] = {}): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(header).map(([name, value]) => [name, value === null ? undefined : value]),
  );
}
