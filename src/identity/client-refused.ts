import { FhirError } from '../errors/fhir-error.js';

/** Rules that refuse a valid token of a service account. */
export type ClientRule = 'inactive-client' | 'first-start-client';

/** The token is valid, but the Client that it stands for must not be reached by it: 401. */
export class ClientRefused extends FhirError {
  readonly status = 401;
  override readonly headers = { 'WWW-Authenticate': 'Bearer realm="fhir", error="invalid_token"' };

  /**
   * @param rule for the trace; the caller is not told
   * @param clientId for the trace, likewise
   */
  constructor(
    readonly rule: ClientRule,
    readonly clientId: string,
  ) {
    super([{ code: 'login', diagnostics: 'The access token does not authenticate a client here' }]);
  }
}
