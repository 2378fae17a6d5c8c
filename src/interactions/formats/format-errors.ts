import { BadRequest, FhirError } from '../../errors/fhir-error.js';

/** The body is not what its media type says; names the place, never the content: 400. */
export class BodySyntaxError extends BadRequest {
  constructor(
    readonly problem: string,
    readonly line: number,
    readonly column: number,
  ) {
    super(`${problem} at line ${line}, column ${column}`, 'structure');
  }
}

/** The body is larger than YAML may be, though not too large for JSON: 413. */
export class YamlTooLarge extends FhirError {
  readonly status = 413;

  constructor(maxBytes: number) {
    const diagnostics = `The YAML is larger than ${maxBytes} bytes; send it as application/json`;
    super([{ code: 'too-long', diagnostics }]);
  }
}

/** No format that is spoken here suits `Accept` or `_format`: 406. */
export class NotAcceptable extends FhirError {
  readonly status = 406;

  constructor() {
    const diagnostics = 'Answers come as application/fhir+json, application/json or text/yaml';
    super([{ code: 'not-supported', diagnostics }]);
  }
}
