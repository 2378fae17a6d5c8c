import {
  createHash,
  createPrivateKey,
  randomUUID,
  X509Certificate,
  type KeyObject,
} from 'node:crypto';
import { SignJWT } from 'jose';
import { NoToken } from './token-endpoint.js';

/** Longest validity that SMART Backend Services allow. */
const ASSERTION_LIFETIME_S = 300;

/** Which algorithms a client may sign with. */
export type AssertionAlgorithm = 'RS256' | 'RS384' | 'PS256' | 'ES256' | 'ES384';

/** What a client signs with, in PEM, as it is now. */
export interface ClientKey {
  readonly pem: string;
  /** Of that key, where the token endpoint knows the key by it. */
  readonly certificate?: string;
}

/** What an assertion says besides its times. */
export interface AssertionClaims {
  readonly iss: string;
  readonly sub: string;
  readonly aud: string;
  readonly scope?: string;
}

/**
 * An assertion of a client that serves for five minutes (RFC 7523 §3).
 *
 * @throws NoToken for a certificate of another key, and errors for what is neither
 */
export async function signedAssertion(
  claims: AssertionClaims,
  { pem, certificate }: ClientKey,
  {
    algorithm,
    keyId,
  }: { readonly algorithm: AssertionAlgorithm; readonly keyId?: string | undefined },
): Promise<string> {
  const key = createPrivateKey(pem);
  const jwt = new SignJWT({ ...claims })
    .setProtectedHeader({
      alg: algorithm,
      typ: 'JWT',
      ...(keyId === undefined ? {} : { kid: keyId }),
      ...(certificate === undefined ? {} : { 'x5t#S256': thumbprint(certificate, key) }),
    })
    .setJti(randomUUID())
    .setIssuedAt()
    .setExpirationTime(`${ASSERTION_LIFETIME_S}s`);
  // Microsoft Entra ID asks for it; elsewhere it would only add to what clocks can disagree on.
  if (certificate !== undefined) jwt.setNotBefore('0s');
  return jwt.sign(key);
}

/** SHA-256 of the DER encoding (RFC 7515 §4.1.8). */
function thumbprint(pem: string, key: KeyObject): string {
  const certificate = new X509Certificate(pem);
  if (!certificate.checkPrivateKey(key)) {
    throw new NoToken('The certificate of the client is not that of its key');
  }
  return createHash('sha256').update(certificate.raw).digest('base64url');
}
