/** The FHIR R4 issue types that Wardgate answers with (http://hl7.org/fhir/issue-type). */
export type IssueCode =
  | 'invalid'
  | 'structure'
  | 'required'
  | 'value'
  | 'invariant'
  | 'code-invalid'
  | 'too-costly'
  | 'informational'
  | 'login'
  | 'forbidden'
  | 'not-supported'
  | 'not-found'
  | 'deleted'
  | 'duplicate'
  | 'conflict'
  | 'too-long'
  | 'throttled'
  | 'transient'
  | 'exception';

/** One problem as it travels in an OperationOutcome. */
export interface Issue {
  readonly code: IssueCode;
  /** Plain words: what is wrong and what to do about it. Never a secret, never a stack. */
  readonly diagnostics: string;
  /** FHIRPath of the element at fault, e.g. `TokenIntrospector.jwt.keys[0].alg`. */
  readonly expression?: string;
  readonly severity?: 'fatal' | 'error' | 'warning' | 'information';
}

/** A failure that the caller is told about: status, issues and headers travel with it (spec §1, errors). */
export abstract class FhirError extends Error {
  abstract readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>> = {};

  constructor(
    readonly issues: readonly Issue[],
    options?: ErrorOptions,
  ) {
    super(issues.map((issue) => issue.diagnostics).join('; '), options);
    this.name = new.target.name;
  }
}

/** The request cannot be parsed or addresses nothing that can exist: 400. */
export class BadRequest extends FhirError {
  readonly status = 400;

  constructor(diagnostics: string, code: IssueCode = 'invalid', expression?: string) {
    super([{ code, diagnostics, ...(expression === undefined ? {} : { expression }) }]);
  }
}

/** The body parses but breaks a rule of its resource type: 422, one issue per problem. */
export class InvalidResource extends FhirError {
  readonly status = 422;
}

/** The media type of the body is not one that is read: 415. */
export class UnsupportedMediaType extends FhirError {
  readonly status = 415;

  constructor(diagnostics: string) {
    super([{ code: 'not-supported', diagnostics }]);
  }
}

/** The body exceeds the configured limit: 413. */
export class BodyTooLarge extends FhirError {
  readonly status = 413;

  constructor(maxBytes: number) {
    super([{ code: 'too-long', diagnostics: `The body is larger than ${maxBytes} bytes` }]);
  }
}

/** No such route, type or id: 404. */
export class NotFound extends FhirError {
  readonly status = 404;

  constructor(diagnostics: string) {
    super([{ code: 'not-found', diagnostics }]);
  }
}

/** The id existed and was deleted: 410. */
export class Gone extends FhirError {
  readonly status = 410;

  constructor(diagnostics: string) {
    super([{ code: 'deleted', diagnostics }]);
  }
}

/** The resource would repeat something that must be unique: 409. */
export class Duplicate extends FhirError {
  readonly status = 409;

  constructor(diagnostics: string, expression?: string) {
    super([
      { code: 'duplicate', diagnostics, ...(expression === undefined ? {} : { expression }) },
    ]);
  }
}

/** The resource cannot be deleted while others depend on it: 409. */
export class StillNeeded extends FhirError {
  readonly status = 409;

  constructor(diagnostics: string) {
    super([{ code: 'conflict', diagnostics }]);
  }
}

/** `If-Match` names another version than the current one: 412. */
export class VersionConflict extends FhirError {
  readonly status = 412;

  constructor(diagnostics: string) {
    super([{ code: 'conflict', diagnostics }]);
  }
}
