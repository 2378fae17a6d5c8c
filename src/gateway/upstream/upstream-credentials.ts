import type { GuardedRequest } from '../../access/guarded-request.js';

/** How Wardgate authenticates at the upstream. */
export abstract class UpstreamCredentials {
  /**
   * The headers that authenticate a request; none where the upstream asks for nothing.
   *
   * @param signal ends it: the client is gone
   * @throws FhirError 502, 503 or 504 where the credential cannot be had
   */
  abstract headers(
    forWhom: GuardedRequest,
    signal: AbortSignal,
  ): Promise<Readonly<Record<string, string>>>;

  /**
   * The upstream did not accept what {@link headers} gave; whether asking again gives something else.
   *
   * @param sent what was given
   */
  abstract refused(sent: Readonly<Record<string, string>>): boolean;
}

/** The upstream asks for no credential, or TLS certificates are enough. */
export class NoCredentials extends UpstreamCredentials {
  async headers(): Promise<Readonly<Record<string, string>>> {
    return {};
  }

  refused(): boolean {
    return false;
  }
}
