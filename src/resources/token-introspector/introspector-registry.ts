import { Injectable } from '@nestjs/common';
import type { RegistryRow } from '../../interactions/registry/resource-registry.js';
import { ResourceStores } from '../../interactions/storage/resource-stores.js';
import { systemTable } from '../../interactions/storage/resource-table.js';
import type { JsonObject } from '../../policy/json.js';
import type { Draft } from '../secrets/element-path.js';
import { withSecrets } from '../secrets/split-secrets.js';
import { INTROSPECTOR_SECRETS } from './token-introspector.definition.js';
import { parseTokenIntrospector, type TokenIntrospector } from './token-introspector.js';

/** Every TokenIntrospector, parsed, its secrets in place, in memory. */
@Injectable()
export class IntrospectorRegistry {
  private introspectors: readonly TokenIntrospector[] = [];

  constructor(stores: ResourceStores) {
    stores.registry(systemTable('TokenIntrospector'), introspectorOf, (entries) => {
      this.introspectors = Object.freeze([...entries.values()].sort(byId));
    });
  }

  /** All of them, inactive ones included, in order of id; another array after every change. */
  all(): readonly TokenIntrospector[] {
    return this.introspectors;
  }
}

/** Reads a stored TokenIntrospector. */
export function introspectorOf({ resource, secrets }: RegistryRow): TokenIntrospector {
  const complete = withSecrets(resource as Draft, INTROSPECTOR_SECRETS, secrets);
  return parseTokenIntrospector(complete as JsonObject);
}

function byId(one: TokenIntrospector, other: TokenIntrospector): number {
  return one.id < other.id ? -1 : 1;
}
