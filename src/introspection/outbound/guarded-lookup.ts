import type { LookupAddress, LookupOptions } from 'node:dns';
import type { LookupFunction } from 'node:net';

/** Resolves a name to all its addresses, as `dns.lookup` does. */
export type Resolve = (
  hostname: string,
  options: LookupOptions & { all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** A name that resolves to an address that the host rules do not let be called. */
export class AddressRefused extends Error {
  constructor() {
    super('The name resolves to an address that may not be called');
    this.name = 'AddressRefused';
  }
}

/**
 * A lookup for sockets that checks what a name resolves to at the very moment it is connected to, so
 * that a name whose address changes between check and use gains nothing. One address that is not
 * allowed refuses the name.
 */
export function guardedLookup(
  isAllowed: (hostname: string, address: string) => boolean,
  resolve: Resolve,
): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) {
        callback(error, []);
        return;
      }
      const [first] = addresses;
      if (first === undefined) {
        callback(new Error('The name has no address'), []);
      } else if (!addresses.every(({ address }) => isAllowed(hostname.toLowerCase(), address))) {
        callback(new AddressRefused(), []);
      } else if (options.all) {
        callback(null, addresses);
      } else {
        callback(null, first.address, first.family);
      }
    });
  };
}
