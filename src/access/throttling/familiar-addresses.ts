import { LRUCache } from 'lru-cache';
import type { Attempt } from './failed-attempts.js';
import { networkOf } from './throttle-scope.js';

/** Accounts whose addresses are remembered; those not used for longest go first. */
const MAX_ACCOUNTS = 10_000;
/** Of each account alone: whoever uses one from everywhere must not make another one a stranger. */
const MAX_NETWORKS = 64;

/** Where accounts have been used with their right secret; of IPv6 the network, as failures are counted. */
export class FamiliarAddresses {
  private readonly networks = new LRUCache<string, LRUCache<string, true>>({ max: MAX_ACCOUNTS });

  /** Whether the account has been used from there. */
  has({ account, address }: Attempt): boolean {
    return this.networks.get(account)?.has(networkOf(address)) ?? false;
  }

  /** The account, which exists, was used from there. */
  add({ account, address }: Attempt): void {
    let networks = this.networks.get(account);
    if (!networks) {
      networks = new LRUCache<string, true>({ max: MAX_NETWORKS });
      this.networks.set(account, networks);
    }
    const network = networkOf(address);
    if (!networks.get(network)) networks.set(network, true);
  }
}
