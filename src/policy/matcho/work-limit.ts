/** The answer would take more time than one comparison is given, or a subject is too long. */
export class Undecidable extends Error {
  constructor() {
    super('the request is too large for this pattern');
    this.name = 'Undecidable';
  }
}

/** Policies considered before took the work that one decision is given. */
export class WorkSpent extends Error {
  constructor() {
    super('the policies of this decision take too much work on this request');
    this.name = 'WorkSpent';
  }
}

const MAX_WORK = 200_000;
const MAX_DECISION_WORK = 5 * MAX_WORK;
/** More than any comparison takes on a request without a large body or a long path. */
const FREE_WORK = 1_000;

/** Bounds what all policies of one decision cost together, those aside that cost little. */
export class DecisionWork {
  private left = MAX_DECISION_WORK;

  /** What one policy may take: a little of its own in any case, and the rest of what is left for all. */
  ofPolicy(): PolicyWork {
    return new PolicyWork(this);
  }

  /** @throws WorkSpent when nothing is left. */
  spend(units: number): void {
    this.left -= units;
    if (this.left < 0) throw new WorkSpent();
  }
}

/** Bounds what one policy costs; the rules of a complex one share it. */
export class PolicyWork {
  private free = FREE_WORK;

  constructor(private readonly decision: DecisionWork) {}

  /** @throws WorkSpent when the policy took what is its own and nothing is left for all. */
  spend(units: number): void {
    this.free -= units;
    if (this.free >= 0) return;
    this.decision.spend(-this.free);
    this.free = 0;
  }
}

/** Bounds what one comparison costs; a unit is about one visited element, or a microsecond. */
export class WorkLimit {
  private left = MAX_WORK;

  /** @param policy whose comparison it is; without it, of one that is no part of a decision. */
  constructor(private readonly policy: PolicyWork = new DecisionWork().ofPolicy()) {}

  /**
   * @throws Undecidable when nothing is left.
   * @throws WorkSpent when nothing is left for the policy.
   */
  spend(units: number): void {
    this.left -= units;
    if (this.left < 0) throw new Undecidable();
    this.policy.spend(units);
  }
}
