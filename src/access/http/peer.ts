import { isClientCertificateHeader } from './client-certificate-header.js';
import { readForwarded, readXForwarded, type ForwardedReport } from './forwarded.js';
import { mapHeaders, rememberedByName, type Headers } from './headers.js';
import { socketAddress, type TrustedProxies } from './trusted-proxies.js';

const REPORTS: ReadonlySet<string> = new Set([
  ...['forwarded', 'x-real-ip', 'x-client-ip', 'x-cluster-client-ip', 'true-client-ip'],
  ...['cf-connecting-ip', 'fastly-client-ip', 'x-original-for', 'x-scheme', 'front-end-https'],
]);

/** What the connection says of a request. */
export interface Connection {
  readonly remoteAddress: string | undefined;
  /** Whether TLS ends here. */
  readonly isEncrypted: boolean;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly trustedProxies: TrustedProxies;
}

/** Who sent a request and how, as policies may believe it. */
export interface Peer {
  /** Empty when the connection is gone, and when nobody can tell what proxies reported. */
  readonly remoteAddr: string;
  readonly scheme: 'http' | 'https';
  /** Lower-case names; reports about the client only where a trusted proxy made them. */
  readonly headers: Headers;
}

/**
 * Decides whom to believe about the client (spec §1): a trusted proxy, else nobody but the socket.
 *
 * The client is the last address that is not itself a trusted proxy. Where `Forwarded` and
 * `X-Forwarded-For` are both there and differ, one of them came from outside: neither counts, and the
 * client is unknown. So it is where `Forwarded` cannot be read: to take the proxy for the client would
 * let anyone pass for it. An address that a proxy does not tell ends the chain at that proxy.
 */
export function peerOf({ remoteAddress, isEncrypted, headers, trustedProxies }: Connection): Peer {
  const address = socketAddress(remoteAddress ?? '');
  const scheme = isEncrypted ? 'https' : 'http';
  if (!trustedProxies.includes(address)) {
    return { remoteAddr: address, scheme, headers: withoutReports(headers) };
  }
  const all = mapHeaders(headers, (_name, value) => value);
  const report = reportOf(all);
  return {
    remoteAddr: report === undefined ? '' : clientOf(report, address, trustedProxies),
    scheme: report?.scheme ?? scheme,
    headers: all,
  };
}

function withoutReports(headers: Connection['headers']): Headers {
  return mapHeaders(headers, (name, value) => (isReport(name) ? undefined : value));
}

const isReport = rememberedByName(
  (name) => REPORTS.has(name) || name.startsWith('x-forwarded-') || isClientCertificateHeader(name),
);

function reportOf(headers: Headers): ForwardedReport | undefined {
  const standard = readForwarded(joined(headers['forwarded']));
  const customary = readXForwarded(
    joined(headers['x-forwarded-for']),
    joined(headers['x-forwarded-proto']),
  );
  if (standard === undefined) return undefined;
  if (standard.addresses.length === 0) return customary;
  if (customary.addresses.length === 0) return standard;
  return standard.addresses.join() === customary.addresses.join() ? customary : undefined;
}

function clientOf(report: ForwardedReport, proxy: string, trusted: TrustedProxies): string {
  let client = proxy;
  for (const address of report.addresses.toReversed()) {
    if (address === undefined) return client;
    client = address;
    if (!trusted.includes(address)) return client;
  }
  return client;
}

function joined(value: string | readonly string[] | undefined): string {
  return typeof value === 'string' ? value : (value ?? []).join(',');
}
