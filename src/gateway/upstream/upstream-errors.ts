import { FhirError } from '../../errors/fhir-error.js';

/** The upstream cannot be reached, breaks off, or answers what is no answer of a FHIR server: 502. */
export class UpstreamFailed extends FhirError {
  readonly status = 502;

  /** @param diagnostics for the caller: without addresses, and nothing of what the upstream sent */
  constructor(diagnostics: string, cause?: unknown) {
    super([{ code: 'transient', diagnostics }], { cause });
  }
}

/** The upstream takes too long: 504. */
export class UpstreamLate extends FhirError {
  readonly status = 504;

  constructor(cause?: unknown) {
    super([{ code: 'transient', diagnostics: 'The FHIR server behind this one takes too long' }], {
      cause,
    });
  }
}

/** The upstream is not asked now, because it fails: 503. */
export class UpstreamNotAsked extends FhirError {
  readonly status = 503;
  override readonly headers: Readonly<Record<string, string>>;

  /** @param retryAfterMs milliseconds after which it makes sense to try again */
  constructor(retryAfterMs: number) {
    super([
      {
        code: 'transient',
        diagnostics: 'The FHIR server behind this one is not asked now; try again',
      },
    ]);
    this.headers = { 'retry-after': String(Math.max(1, Math.ceil(retryAfterMs / 1000))) };
  }
}

/** The request came through this gateway before: the upstream leads back to it (508, RFC 5842 §7.2). */
export class LoopDetected extends FhirError {
  readonly status = 508;

  constructor() {
    super([{ code: 'transient', diagnostics: 'The FHIR server behind this one leads back to it' }]);
  }
}

/** Too many requests wait for a connection to the upstream: 503. */
export class UpstreamBusy extends FhirError {
  readonly status = 503;
  override readonly headers = { 'retry-after': '1' };

  constructor() {
    super([
      {
        code: 'throttled',
        diagnostics: 'Too many requests wait for the FHIR server behind this one; try again',
      },
    ]);
  }
}

/** Large answers take up as much at this moment as they may: 503. */
export class TooMuchHeld extends FhirError {
  readonly status = 503;
  override readonly headers = { 'retry-after': '1' };

  constructor() {
    super([
      {
        code: 'throttled',
        diagnostics:
          'Too many large answers of the FHIR server behind this one are looked at; try again',
      },
    ]);
  }
}

/** A change was answered with something that cannot be handed on, and may have been made: 502 or 504. */
export class ChangeUnconfirmed extends FhirError {
  readonly status: number;

  /** @param cause what is wrong with the answer */
  constructor(cause: FhirError) {
    const { message, status } = cause;
    // Nothing that invites to send the change once more (FHIR R4, IssueType `transient`).
    super(
      [
        {
          code: 'exception',
          diagnostics: `${message}. The change may have been made: look before you repeat it`,
        },
      ],
      { cause },
    );
    this.status = status === 504 ? 504 : 502;
  }
}

/** The client went away while its request was served; nobody reads this answer. */
export class ClientGone extends FhirError {
  readonly status = 499;

  constructor() {
    super([{ code: 'transient', diagnostics: 'The client ended the request' }]);
  }
}
