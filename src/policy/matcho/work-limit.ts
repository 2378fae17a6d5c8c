/** The answer would take more time than one comparison is given, or a subject is too long. */
export class Undecidable extends Error {
  constructor() {
    super('the request is too large for this pattern');
    this.name = 'Undecidable';
  }
}

const MAX_WORK = 200_000;

/** Bounds what one comparison costs; a unit is about one visited element, or 64 regex states. */
export class WorkLimit {
  private left = MAX_WORK;

  /** @throws Undecidable when nothing is left. */
  spend(units: number): void {
    this.left -= units;
    if (this.left < 0) throw new Undecidable();
  }
}
