import { createHmac } from 'node:crypto';
import ipaddr from 'ipaddr.js';
import type { Attempt } from './failed-attempts.js';
import type { ThrottleSettings } from './throttle-settings.js';

/** What failures are counted for: an account at an address, an address, an account. */
export const SCOPES = ['pair', 'address', 'account'] as const;

/** One of {@link SCOPES}. */
export type ThrottleScope = (typeof SCOPES)[number];

/** A value for each scope. */
export type PerScope<T> = Readonly<Record<ThrottleScope, T>>;

const IPV6_NETWORK_BITS = 64;

/** Failures after which each scope is blocked. */
export function limitsOf(settings: ThrottleSettings): PerScope<number> {
  return {
    pair: settings.failures,
    address: settings.addressFailures,
    account: settings.accountFailures,
  };
}

/** Under what the failures of an attempt are counted: of fixed length and telling nothing without the secret. */
export function keysOf({ account, address }: Attempt, secret: string): PerScope<string> {
  const network = networkOf(address);
  return {
    pair: keyOf(secret, ['pair', account, network]),
    address: keyOf(secret, ['address', network]),
    account: keyOf(secret, ['account', account]),
  };
}

/** The address itself, or the /64 of an IPv6 one: a single host commonly has all of that. */
export function networkOf(address: string): string {
  if (!ipaddr.IPv6.isValid(address)) return address;
  const { parts } = ipaddr.IPv6.parse(address);
  const prefix = parts.slice(0, IPV6_NETWORK_BITS / 16).map((part) => part.toString(16));
  return `${prefix.join(':')}::/${IPV6_NETWORK_BITS}`;
}

function keyOf(secret: string, parts: readonly string[]): string {
  return createHmac('sha256', secret).update(JSON.stringify(parts)).digest('base64url');
}
