import ipaddr from 'ipaddr.js';
import { LRUCache } from 'lru-cache';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** The peers whose word about the client counts: addresses and CIDR ranges, none by default. */
export class TrustedProxies {
  private readonly ranges: readonly [Address, number][];

  /** @throws Error when an entry is neither an address nor a CIDR range. */
  constructor(entries: readonly string[] = []) {
    this.ranges = entries.map((entry) => {
      if (entry.includes('/')) return ipaddr.parseCIDR(entry);
      const address = ipaddr.process(entry);
      return [address, address.kind() === 'ipv4' ? 32 : 128];
    });
  }

  /** Whether an address, as `parseAddress` writes it, is a trusted peer. */
  includes(address: string): boolean {
    if (this.ranges.length === 0) return false;
    if (!ipaddr.isValid(address)) return false;
    const candidate = ipaddr.process(address);
    return this.ranges.some(
      ([network, bits]) => network.kind() === candidate.kind() && candidate.match([network, bits]),
    );
  }
}

/**
 * The address in a socket's or a forwarding header's words: without port, brackets and zone, IPv6
 * in its short form, IPv4 in IPv6 as IPv4.
 *
 * @returns `undefined` for anything else (`unknown`, `_hidden`, host names).
 */
export function parseAddress(text: string): string | undefined {
  const [, bracketed, plain] = /^(?:\[([^\]]*)\](?::\d+)?|([^[\]]*))$/.exec(text.trim()) ?? [];
  const address = bracketed ?? plain?.replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1') ?? '';
  const withoutZone = address.split('%')[0] ?? '';
  const isDotted = ipaddr.IPv4.isValidFourPartDecimal(withoutZone);
  if (!isDotted && !ipaddr.IPv6.isValid(withoutZone)) return undefined;
  return ipaddr.process(withoutZone).toString();
}

/** Peers that keep coming; parsing an address costs more than all else that is asked about one. */
const PEERS = new LRUCache<string, string>({ max: 1000 });

/** The address of a socket as {@link parseAddress} writes it; empty when there is none. */
export function socketAddress(text: string): string {
  const known = PEERS.get(text);
  if (known !== undefined) return known;
  const address = parseAddress(text) ?? '';
  PEERS.set(text, address);
  return address;
}
