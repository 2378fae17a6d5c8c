/** BOX_INIT_BUNDLE could not be read or its transaction failed: the start must end with this sentence. */
export class InitBundleError extends Error {
  constructor(why: string, options?: ErrorOptions) {
    super(`BOX_INIT_BUNDLE: ${why}`, options);
  }
}
