/** Authentication schemes under which tokens are presented (RFC 6750 §2.1, RFC 9449 §7.1). */
export type TokenScheme = 'bearer' | 'dpop';

/** What a request offers to show that its sender holds the key of a token; nothing of it is verified. */
export interface Evidence {
  /** As sent; methods are case-sensitive. */
  readonly method: string;
  /** Every `DPoP` header, so that repetition shows. */
  proofs(): readonly string[];
  /** Whether a URI is the one that the request was sent to, query and fragment aside. */
  isTarget(uri: string): boolean;
  /**
   * SHA-256 of the client's certificate in DER, base64url (RFC 8705 §3.1), from a source that counts.
   *
   * @returns undefined when there is none, it cannot be read, or there are several.
   */
  certificateThumbprint(): string | undefined;
}

/** How a token was presented. */
export interface Presentation {
  readonly scheme: TokenScheme;
  readonly evidence: Evidence;
}
