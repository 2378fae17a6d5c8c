import { isClientCertificateHeader } from './client-certificate-header.js';
import { mapHeaders, rememberedByName, type Headers } from './headers.js';

const CREDENTIALS: ReadonlySet<string> = new Set([
  ...['authorization', 'proxy-authorization', 'x-client-auth', 'authentication-info'],
  ...['cookie', 'set-cookie', 'dpop'],
]);
const SECRETIVE =
  /(?:^|[-_])(?:token|secret|password|passwd|api-?key|credentials?|session)(?:$|[-_])/;
const KNOWN_SCHEME = /^(basic|bearer|digest|dpop|negotiate)(?: |$)/i;

/**
 * Headers as policies and traces may see them: names in lower case, credentials without their value.
 *
 * An Authorization header reads `Bearer [redacted]`, its scheme as sent if it is a known one; every
 * other credential (cookies, proofs, client certificates, names like `x-api-key`) `[redacted]`.
 */
export function redactHeaders(headers: Headers): Headers {
  return mapHeaders(headers, (name, value) => (isCredential(name) ? redact(value) : value));
}

const isCredential = rememberedByName(
  (name) => CREDENTIALS.has(name) || SECRETIVE.test(name) || isClientCertificateHeader(name),
);

function redact(value: string | readonly string[]): string {
  const scheme = typeof value === 'string' ? KNOWN_SCHEME.exec(value)?.[1] : undefined;
  return scheme === undefined ? '[redacted]' : `${scheme} [redacted]`;
}
