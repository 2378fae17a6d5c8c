import ipaddr from 'ipaddr.js';

/** Which hosts may be called, and at which addresses (spec §2, IdP URLs). */
export interface HostRules {
  /** Why a URL is refused before anything is resolved; undefined when it may be called. */
  refusedUrl(url: string): string | undefined;
  /** Whether a host may be connected to at this address. */
  allowsAddress(host: string, port: string, address: string): boolean;
}

/**
 * https to public addresses; http and private addresses only for loopback and for allowed hosts.
 *
 * @param allowedHosts `host` or `host:port`; `*` stands for any, in development only
 */
export function hostRules(allowedHosts: readonly string[], devMode: boolean): HostRules {
  const allowed = new Set(allowedHosts.map((host) => host.trim().toLowerCase()));
  const allowsAny = devMode && allowed.has('*');
  const isAllowed = (host: string, port: string): boolean =>
    allowsAny || allowed.has(host) || allowed.has(`${host}:${port}`);

  return {
    refusedUrl(url) {
      const parsed = URL.canParse(url) ? new URL(url) : undefined;
      if (parsed === undefined) return 'it is not a URL';
      const { host, port } = endpointOf(parsed);
      const isExempt = isLoopbackHost(host) || isAllowed(host, port);
      return schemeRefusal(parsed, isExempt) ?? literalRefusal(host, isExempt);
    },
    allowsAddress(host, port, address) {
      if (isAllowed(host, port)) return true;
      return isLoopbackHost(host) ? isLoopbackAddress(address) : isPublicAddress(address);
    },
  };
}

/** Host (lower case, IPv6 without brackets) and port of a URL, the scheme's own port filled in. */
export function endpointOf(url: URL): { readonly host: string; readonly port: string } {
  const host = url.hostname.toLowerCase().replace(/^\[|\]$/g, '');
  return { host, port: url.port || (url.protocol === 'https:' ? '443' : '80') };
}

function schemeRefusal(url: URL, isExempt: boolean): string | undefined {
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'its scheme is not https';
  if (url.username || url.password) return 'it holds a user name or password';
  return url.protocol === 'https:' || isExempt
    ? undefined
    : 'http is only for loopback and for hosts in BOX_SECURITY_IDP_ALLOWED_HOSTS';
}

function literalRefusal(host: string, isExempt: boolean): string | undefined {
  if (isExempt || !ipaddr.isValid(host) || isPublicAddress(host)) return undefined;
  return 'private addresses are only for hosts in BOX_SECURITY_IDP_ALLOWED_HOSTS';
}

function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || (ipaddr.isValid(host) && isLoopbackAddress(host));
}

function isLoopbackAddress(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'loopback';
}

function isPublicAddress(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'unicast';
}
