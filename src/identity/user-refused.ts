import { FhirError } from '../errors/fhir-error.js';

/** Rules of user resolution that refuse a valid token (spec §3). */
export type ResolutionRule = 'protected-user' | 'inactive-user';

/** The token is valid, but the User that it names must not be reached by it: 401. */
export class UserRefused extends FhirError {
  readonly status = 401;
  override readonly headers = { 'WWW-Authenticate': 'Bearer realm="fhir", error="invalid_token"' };

  /**
   * @param rule for the trace; the caller, who may be guessing at ids, is not told
   * @param userId for the trace, likewise
   */
  constructor(
    readonly rule: ResolutionRule,
    readonly userId: string,
  ) {
    super([{ code: 'login', diagnostics: 'The access token does not authenticate a user here' }]);
  }
}
