/** An element of a system resource that is write-only (spec §1, secrets). */
export interface SecretField {
  /** Element path below the resource; `[]` marks a repeating step, as in `jwt.keys[].k`. */
  readonly path: string;
  /**
   * Elements that decide to whom the secret is sent or how it is used. The masked form keeps the stored
   * value only while they are unchanged, so that nobody can redirect a secret that they cannot read.
   */
  readonly boundTo: readonly string[];
  /**
   * An external secret may stand in its place. `sentTo` are the elements with the URLs to which the secret
   * is sent; none when it stays here.
   */
  readonly external?: { readonly sentTo: readonly string[] };
  /** Never shown, not even where secrets are (User passwords, TOTP keys). */
  readonly isNeverShown?: boolean;
  /**
   * What may take the place of the value while no transaction is open, if that takes long: what `store`
   * leaves as it is. A value that will be refused stays.
   */
  readonly prepare?: (value: string) => Promise<string>;
  /** What is stored in place of the value that was sent. */
  readonly store?: (value: string) => Promise<string>;
}
