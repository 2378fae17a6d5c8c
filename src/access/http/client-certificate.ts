import { createHash } from 'node:crypto';
import { isWellQuoted, splitOutsideQuotes, unquoted } from './forwarded.js';

const STRUCTURED_BYTES = /^:([A-Za-z0-9+/]+={0,2}):$/;
const ONE_PEM = /^\s*-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----\s*$/;

/**
 * SHA-256 of the certificate that a proxy reports, in DER, base64url (RFC 8705 §3.1).
 *
 * The name of the header says how to read it: `client-cert` as a byte sequence (RFC 9440 §2.2),
 * `x-forwarded-client-cert` as Envoy's list with `Cert`, any other as PEM in percent-encoding.
 *
 * @param name of the header, in lower case
 * @returns undefined for what cannot be read and for more than one certificate.
 */
export function reportedThumbprint(name: string, value: string): string | undefined {
  const der = derOf(name, value);
  return der && createHash('sha256').update(der).digest('base64url');
}

function derOf(name: string, value: string): Uint8Array | undefined {
  switch (name) {
    case 'client-cert':
      return fromBase64(STRUCTURED_BYTES.exec(value.trim())?.[1]);
    case 'x-forwarded-client-cert':
      return fromPem(envoyCertificate(value));
    default:
      return fromPem(value);
  }
}

function envoyCertificate(value: string): string | undefined {
  // Every proxy on the way adds an element; whose client is meant cannot be told.
  if (!isWellQuoted(value) || splitOutsideQuotes(value, ',').length !== 1) return undefined;
  const [certificate, second] = splitOutsideQuotes(value, ';').filter((pair) =>
    /^\s*cert=/i.test(pair),
  );
  if (certificate === undefined || second !== undefined) return undefined;
  return unquoted(certificate.slice(certificate.indexOf('=') + 1).trim());
}

function fromPem(encoded: string | undefined): Uint8Array | undefined {
  try {
    return fromBase64(ONE_PEM.exec(decodeURIComponent(encoded ?? ''))?.[1]);
  } catch {
    return undefined;
  }
}

function fromBase64(text: string | undefined): Uint8Array | undefined {
  const bytes = Buffer.from(text ?? '', 'base64');
  return bytes.length === 0 ? undefined : bytes;
}
