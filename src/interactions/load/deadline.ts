import { FhirError } from '../../errors/fhir-error.js';

/** Work of many steps took longer than it may, and no further step was begun: 503. */
export class DeadlineOver extends FhirError {
  readonly status = 503;

  constructor(timeoutMs: number) {
    super([
      {
        code: 'too-costly',
        diagnostics: `It took longer than ${timeoutMs} ms and was ended; send fewer entries`,
      },
    ]);
  }
}

/** When work of many steps must have begun its last one. */
export class Deadline {
  private readonly endsAt: number;

  /**
   * @param timeoutMs from now
   * @param now milliseconds of a clock that never goes back
   */
  constructor(
    private readonly timeoutMs: number,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.endsAt = now() + timeoutMs;
  }

  /** @throws DeadlineOver 503 */
  assertLeft(): void {
    if (this.now() > this.endsAt) throw new DeadlineOver(this.timeoutMs);
  }
}

/** For work that takes as long as it takes. */
export const NO_DEADLINE = new Deadline(Infinity);
