const PREFIXES = [
  ...['x-ssl-', 'ssl-client-', 'client-cert', 'x-client-cert', 'x-client-dn'],
  ...['x-forwarded-client-cert', 'x-forwarded-tls-client-cert', 'x-tls-client-'],
  ...['x-arr-clientcert', 'x-amzn-mtls-'],
];

/** Whether a header (lower-case name) is one in which proxies report the client's certificate. */
export function isClientCertificateHeader(name: string): boolean {
  return PREFIXES.some((prefix) => name.startsWith(prefix));
}
