import { FhirError } from '../../errors/fhir-error.js';
import type { EntryResponse } from './entry-response.js';

const MAX_CHARACTERS = 64 * 1024 * 1024;

/** The answers to the entries of a Bundle are too large together: 413. */
export class ResponseTooLarge extends FhirError {
  readonly status = 413;

  constructor() {
    super([
      {
        code: 'too-long',
        diagnostics:
          'The answer to the Bundle would be too large; send fewer entries, or Prefer: return=minimal',
      },
    ]);
  }
}

/**
 * What the answers to one Bundle may still take, 64 Mi characters at first: thousands of short entries can
 * each ask for a large resource, and all answers are in memory at once.
 */
export class ResponseRoom {
  private left: number;

  /** @param outer the room of the Bundle, of which an attempt uses a copy, as it may be repeated */
  constructor(private readonly outer?: ResponseRoom) {
    this.left = outer?.left ?? MAX_CHARACTERS;
  }

  /** @throws ResponseTooLarge when an earlier answer did not fit. */
  assertOpen(): void {
    if (this.left < 0) throw new ResponseTooLarge();
  }

  /** @throws ResponseTooLarge when the answer does not fit; nor does any later one of the Bundle then. */
  take(response: EntryResponse): EntryResponse {
    this.left -= (response.resource?.length ?? 0) + (response.outcome?.length ?? 0);
    if (this.left < 0 && this.outer) this.outer.left = this.left;
    this.assertOpen();
    return response;
  }
}
