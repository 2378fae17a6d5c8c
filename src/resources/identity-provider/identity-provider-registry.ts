import { Injectable } from '@nestjs/common';
import type { ResourceRegistry } from '../../interactions/registry/resource-registry.js';
import { ResourceStores } from '../../interactions/storage/resource-stores.js';
import { systemTable } from '../../interactions/storage/resource-table.js';
import type { JsonObject } from '../../policy/json.js';
import { parseIdentityProvider, type IdentityProvider } from './identity-provider.js';

/** Every IdentityProvider, in memory. */
@Injectable()
export class IdentityProviderRegistry {
  private readonly registry: ResourceRegistry<IdentityProvider>;

  constructor(stores: ResourceStores) {
    this.registry = stores.registry(systemTable('IdentityProvider'), ({ resource }) =>
      parseIdentityProvider(resource as JsonObject),
    );
  }

  /** @returns `undefined` when there is no such IdentityProvider; an inactive one is returned. */
  get(id: string): IdentityProvider | undefined {
    return this.registry.get(id);
  }

  /** Whether any IdentityProvider, active or not, vouches for subjects of the system. */
  hasSystem(system: string): boolean {
    return [...this.registry.all().values()].some((provider) => provider.system === system);
  }
}
