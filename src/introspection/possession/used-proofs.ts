/** The memory of proofs, shared by all instances, that lets each serve once (RFC 9449 §11.1). */
export abstract class UsedProofs {
  /**
   * Takes note of a proof.
   *
   * @param digest SHA-256 of what identifies it
   * @param keepMs milliseconds for which it must be remembered
   * @returns whether this was the first time; of concurrent calls with one digest exactly one is.
   * @throws when that cannot be told.
   */
  abstract add(digest: Uint8Array, keepMs: number): Promise<boolean>;
}
