import { FhirError, type IssueCode } from '../../errors/fhir-error.js';
import { dpopChallenge } from '../../introspection/possession/dpop-challenge.js';

const CHALLENGES = {
  bearer: ['Bearer realm="fhir", error="invalid_token"'],
  dpop: [dpopChallenge('invalid_token')],
  basic: ['Basic realm="fhir"'],
  any: ['Bearer realm="fhir", error="invalid_token"', 'Basic realm="fhir"'],
} satisfies Record<string, readonly string[]>;

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

  constructor(
    scheme: keyof typeof CHALLENGES,
    where: 'Authorization header' | 'cookie' = 'Authorization header',
  ) {
    super([{ code: 'login', diagnostics: `The ${where} holds no usable credential` }]);
    this.headers = { 'WWW-Authenticate': CHALLENGES[scheme] };
  }
}

/** What Node's HTTP parser reports by a code of its own. */
const UNREADABLE: ReadonlyMap<string | undefined, readonly [400 | 408 | 431, IssueCode, string]> =
  new Map([
    ['ERR_HTTP_REQUEST_TIMEOUT', [408, 'transient', 'The request took too long to arrive']],
    ['HPE_HEADER_OVERFLOW', [431, 'too-long', 'The headers are too large']],
  ]);
const MALFORMED = [400, 'structure', 'This is not a well-formed HTTP/1.1 request'] as const;

/** The bytes on a connection are no HTTP request that is read: 400, 408 when late, 431 when too large. */
export class UnreadableRequest extends FhirError {
  readonly status: 400 | 408 | 431;

  /** @param reason code of Node's HTTP parser */
  constructor(reason: string | undefined) {
    const [status, code, diagnostics] = UNREADABLE.get(reason) ?? MALFORMED;
    super([{ code, diagnostics }]);
    this.status = status;
  }
}

/** `Expect` names something other than `100-continue`: 417. */
export class ExpectationFailed extends FhirError {
  readonly status = 417;

  constructor() {
    super([{ code: 'not-supported', diagnostics: 'Only Expect: 100-continue can be met' }]);
  }
}
