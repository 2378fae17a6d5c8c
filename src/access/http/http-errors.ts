import { FhirError } from '../../errors/fhir-error.js';

const CHALLENGES = {
  bearer: ['Bearer realm="fhir", error="invalid_token"'],
  basic: ['Basic realm="fhir"'],
  any: ['Bearer realm="fhir", error="invalid_token"', 'Basic realm="fhir"'],
} as const;

/** The request target is longer than any that is served: 414. */
export class UriTooLong extends FhirError {
  readonly status = 414;

  constructor(maxCharacters: number) {
    const diagnostics = `The URL is longer than ${maxCharacters} characters; search by POST instead`;
    super([{ code: 'too-long', diagnostics }]);
  }
}

/** The credential cannot be one, so nobody is asked about it: 401 with the challenge of its scheme. */
export class MalformedCredential extends FhirError {
  readonly status = 401;
  override readonly headers: Readonly<Record<string, readonly string[]>>;

  constructor(scheme: keyof typeof CHALLENGES) {
    super([{ code: 'login', diagnostics: 'The Authorization header holds no usable credential' }]);
    this.headers = { 'WWW-Authenticate': CHALLENGES[scheme] };
  }
}
