import { isClientCertificateHeader } from './client-certificate-header.js';
import { readForwarded, readXForwarded, type ForwardedReport } from './forwarded.js';
import type { Headers } from './redact-headers.js';
import { parseAddress, type TrustedProxies } from './trusted-proxies.js';

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
  /** Empty when the connection is gone. */
  readonly remoteAddr: string;
  readonly scheme: 'http' | 'https';
  /** Lower-case names; reports about the client only where a trusted proxy made them. */
  readonly headers: Headers;
}

/**
 * Decides whom to believe about the client (spec §1): a trusted proxy, else nobody but the socket.
 *
 * The client is the last address that is not itself a trusted proxy. Where `Forwarded` and
 * `X-Forwarded-For` are both there and differ, one of them came from outside: neither counts. An address that cannot be read ends the chain at the proxy that passed it on.
 */
export function peerOf({ remoteAddress, isEncrypted, headers, trustedProxies }: Connection): Peer {
  const socketAddress = parseAddress(remoteAddress ?? '') ?? '';
  const scheme = isEncrypted ? 'https' : 'http';
  const received = presentHeaders(headers);
  if (!trustedProxies.includes(socketAddress)) {
    return { remoteAddr: socketAddress, scheme, headers: withoutReports(received) };
  }
  const report = reportOf(received);
  return {
    remoteAddr: clientOf(report, socketAddress, trustedProxies),
    scheme: report.scheme ?? scheme,
    headers: received,
  };
}

function presentHeaders(headers: Connection['headers']): Headers {
  const entries = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name.toLowerCase(), value] as const],
  );
  return Object.fromEntries(entries);
}

function withoutReports(headers: Headers): Headers {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !isReport(name)));
}

function isReport(name: string): boolean {
  return REPORTS.has(name) || name.startsWith('x-forwarded-') || isClientCertificateHeader(name);
}

function reportOf(headers: Headers): ForwardedReport {
  const standard = readForwarded(joined(headers['forwarded']));
  const customary = readXForwarded(
    joined(headers['x-forwarded-for']),
    joined(headers['x-forwarded-proto']),
  );
  if (standard.addresses.length === 0) return customary;
  if (customary.addresses.length === 0) return standard;
  const isSame = standard.addresses.join() === customary.addresses.join();
  return isSame ? customary : { addresses: [], scheme: undefined };
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
