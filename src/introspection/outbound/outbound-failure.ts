/** An outbound call that brought no answer to rely on. The message is for the log, not the caller. */
export class OutboundFailure extends Error {
  /** @param status of the answer, when there was one */
  constructor(
    message: string,
    readonly status?: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'OutboundFailure';
  }
}
