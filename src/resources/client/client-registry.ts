import { Injectable } from '@nestjs/common';
import type {
  RegistryRow,
  ResourceRegistry,
} from '../../interactions/registry/resource-registry.js';
import { ResourceStores } from '../../interactions/storage/resource-stores.js';
import { systemTable } from '../../interactions/storage/resource-table.js';
import { isArray, own, type Json, type JsonObject } from '../../policy/json.js';
import { policyView, type PolicyView } from '../policy-view.js';
import type { Draft } from '../secrets/element-path.js';
import { ExternalSecrets } from '../secrets/external-secrets.js';
import { referencesIn, type ReferencedSecret } from '../secrets/secret-reference.js';
import { storedSecret, verifySecret } from './client-secret.js';
import { CLIENT_REFERENCES, CLIENT_SECRETS } from './client.definition.js';

/** A Client as requests are decided with it. */
export interface RegisteredClient {
  readonly id: string;
  readonly active: boolean;
  readonly grantTypes: readonly string[];
  /** Issuers whose service accounts and tokens to be exchanged it accepts. */
  readonly allowedIssuers: readonly string[];
  /** As policies see it: without its secret. */
  readonly client: PolicyView;
}

/** A Client with what its secret is compared with. */
export interface ClientEntry {
  readonly registered: RegisteredClient;
  readonly storedSecret: () => string | undefined;
}

/** Every Client, in memory. */
@Injectable()
export class ClientRegistry {
  private readonly registry: ResourceRegistry<ClientEntry>;

  constructor(stores: ResourceStores, external: ExternalSecrets) {
    this.registry = stores.registry(systemTable('Client'), (row) => clientEntry(row, external));
  }

  /** @returns `undefined` when there is no such Client. */
  get(id: string): RegisteredClient | undefined {
    return this.registry.get(id)?.registered;
  }

  /** The Clients whose id comes after another one, in order. */
  after(id: string): readonly RegisteredClient[] {
    return [...this.registry.all().values()]
      .map(({ registered }) => registered)
      .filter((client) => client.id > id)
      .sort((one, other) => (one.id < other.id ? -1 : 1));
  }

  /**
   * The Client that authenticates by Basic with this secret.
   *
   * @returns `undefined` when the Client is unknown or inactive, lacks `basic` in `grant_types`, or
   * the secret is wrong; which of them cannot be told from the time it takes.
   */
  verifySecret(id: string, secret: string): RegisteredClient | undefined {
    return authenticate(this.registry.get(id), secret);
  }
}

/** The Client if this is its secret and it may use Basic; the same work for one that is unknown. */
export function authenticate(
  entry: ClientEntry | undefined,
  secret: string,
): RegisteredClient | undefined {
  const isRight = verifySecret(secret, entry?.storedSecret());
  const client = entry?.registered;
  return isRight && client?.active && client.grantTypes.includes('basic') ? client : undefined;
}

/** Reads a stored Client. */
export function clientEntry(
  { id, resource, secrets }: RegistryRow,
  external: Pick<ExternalSecrets, 'value'>,
): ClientEntry {
  const client = resource as JsonObject;
  const registered = Object.freeze({
    id,
    active: own(client, 'active') !== false,
    grantTypes: texts(own(client, 'grant_types')),
    allowedIssuers: texts(own(client, 'allowedIssuers')),
    client: policyView(client, { references: CLIENT_REFERENCES, hidden: ['secret'] }),
  });
  const [reference] = referencesIn({ type: 'Client', id }, resource as Draft, CLIENT_SECRETS);
  if (!reference) return { registered, storedSecret: () => secrets['/secret'] };
  return { registered, storedSecret: () => externalSecret(reference, external) };
}

/** In the form in which it is compared; a file that cannot be read holds no secret. */
function externalSecret(
  { name, use }: ReferencedSecret,
  external: Pick<ExternalSecrets, 'value'>,
): string | undefined {
  const value = external.value(name, use);
  return value === undefined ? undefined : storedSecret(value);
}

function texts(value: Json | undefined): readonly string[] {
  return isArray(value) ? value.map(String) : [];
}
