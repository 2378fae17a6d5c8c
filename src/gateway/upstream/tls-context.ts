import { X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureContext } from 'node:tls';
import type { UpstreamTlsTexts } from '../gateway-settings.js';

/** Most bytes that a file of TLS may have: several times the certificates that systems trust. */
export const MAX_TLS_FILE_BYTES = 1_048_576;

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** What connections are made with; undefined where nothing is configured. */
export interface TlsContexts {
  readonly upstream: SecureContext | undefined;
  readonly tokenEndpoint: SecureContext | undefined;
}

/** TLS that an operator configured cannot be used; says why, and nothing of a key. */
export class TlsUnusable extends Error {}

/**
 * What connections to the upstream and to its token endpoint are made with.
 *
 * @throws TlsUnusable where a file holds no certificates, or no key of its certificate
 */
export function tlsContexts({ ca, tokenCa, cert, key }: UpstreamTlsTexts): TlsContexts {
  return { upstream: contextOf(ca, cert, key), tokenEndpoint: contextOf(tokenCa, cert, key) };
}

type Text = string | undefined;

function contextOf(ca: Text, cert: Text, key: Text): SecureContext | undefined {
  if (ca === undefined && cert === undefined) return undefined;
  // Node.js takes a text without certificates for one that trusts nobody, and an empty one for all it knows.
  if (ca !== undefined) checkCertificates(ca, 'The file of those who may sign');
  if (cert !== undefined) checkCertificates(cert, 'The file of the certificate');
  try {
    return createSecureContext({
      ...(ca === undefined ? {} : { ca }),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
    });
  } catch (error) {
    throw new TlsUnusable('The certificate and its key cannot be used together', { cause: error });
  }
}

function checkCertificates(text: string, what: string): void {
  if (text.length > MAX_TLS_FILE_BYTES) throw new TlsUnusable(`${what} is too large`);
  const certificates = text.match(CERTIFICATE) ?? [];
  if (certificates.length === 0) throw new TlsUnusable(`${what} holds no certificate`);
  if (!certificates.every(isCertificate)) throw new TlsUnusable(`${what} is damaged`);
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}
