import type { ActiveIntrospection } from '../introspection/introspection.js';
import { clientEntry } from '../resources/client/client-registry.js';
import type { ClientRegistry } from '../resources/client/client-registry.js';
import type { FirstStartClients } from '../resources/client/first-start-clients.js';
import type { JsonObject } from '../policy/json.js';
import { parseTokenIntrospector } from '../resources/token-introspector/token-introspector.js';
import { ClientRefused } from './client-refused.js';
import { ServiceAccountClients } from './service-account-clients.js';

const ISS = 'https://issuer.example';

/** The Client `backend` as a service account of that name reaches it, under an introspector and claims. */
async function reached(
  introspector: JsonObject,
  claims: JsonObject,
  client: JsonObject = { allowedIssuers: [ISS] },
): Promise<string | undefined> {
  const row = { id: 'backend', versionId: 1, resource: client, secrets: {} };
  const { registered } = clientEntry(row, { value: () => undefined });
  const asked = parseTokenIntrospector({ id: 'i', ...introspector });
  const clients = new ServiceAccountClients(
    { get: (id: string) => (id === 'backend' ? registered : undefined) } as ClientRegistry,
    { has: async () => false } as unknown as FirstStartClients,
    { all: () => [asked] },
  );
  const introspection: ActiveIntrospection = {
    active: true,
    type: asked.type,
    claims,
    introspector: asked,
  };
  return (await clients.clientOf(introspection, { clientId: 'backend' }))?.id;
}

describe('ServiceAccountClients', () => {
  it('believes the issuer of a signed token, which was verified', async () => {
    await expect(reached({ type: 'jwt', jwt: { iss: ISS } }, { iss: ISS })).resolves.toBe(
      'backend',
    );
    await expect(
      reached({ type: 'jwt' }, { iss: 'https://other.example' }),
    ).resolves.toBeUndefined();
    await expect(reached({ type: 'jwt' }, {})).resolves.toBeUndefined();
  });

  it('believes the issuer that an endpoint answers only if its introspector names it', async () => {
    const named = { type: 'opaque', jwt: { iss: ISS } };
    const another = { type: 'opaque', jwt: { iss: 'https://other.example' } };

    await expect(reached(named, { iss: ISS })).resolves.toBe('backend');
    await expect(reached(another, { iss: ISS })).resolves.toBeUndefined();
    await expect(reached({ type: 'opaque' }, { iss: ISS })).resolves.toBeUndefined();
    await expect(reached({ type: 'opaque' }, {})).resolves.toBeUndefined();
  });

  it('does not find an issuer in a Client that names none', async () => {
    const jwt = { type: 'jwt', jwt: { iss: ISS } };

    await expect(reached(jwt, { iss: ISS }, {})).resolves.toBeUndefined();
    await expect(reached(jwt, { iss: ISS }, { allowedIssuers: [] })).resolves.toBeUndefined();
  });

  it('refuses a Client that is inactive, if it is this issuer’s', async () => {
    const client = { allowedIssuers: [ISS], active: false };
    const jwt = { type: 'jwt' };

    await expect(reached(jwt, { iss: ISS }, client)).rejects.toBeInstanceOf(ClientRefused);
    await expect(reached(jwt, { iss: 'https://x.example' }, client)).resolves.toBeUndefined();
  });
});
