/** One problem of a policy as it was written. */
export interface PolicyIssue {
  /** FHIRPath-like place, e.g. `AccessPolicy.matcho.jwt.iss`. */
  readonly path: string;
  /** Plain words: what is wrong and what to write instead. */
  readonly message: string;
}

/** The policy cannot be accepted; carries every problem found, not just the first (spec §7). */
export class InvalidPolicy extends Error {
  constructor(readonly issues: readonly PolicyIssue[]) {
    super(issues.map((issue) => `${issue.path}: ${issue.message}`).join('; '));
    this.name = 'InvalidPolicy';
  }
}

/** Collects problems while a policy is parsed, so that all of them are reported together. */
export class PolicyIssues {
  private readonly found: PolicyIssue[] = [];

  add(path: string, message: string): void {
    this.found.push({ path, message });
  }

  /** Runs a parser of a part; its problems are collected and `undefined` is returned instead. */
  collect<Part>(parse: () => Part): Part | undefined {
    try {
      return parse();
    } catch (error) {
      if (!(error instanceof InvalidPolicy)) throw error;
      this.found.push(...error.issues);
      return undefined;
    }
  }

  /** @throws InvalidPolicy when anything was collected. */
  throwIfAny(): void {
    if (this.found.length > 0) throw new InvalidPolicy(this.found);
  }
}

/** Appends a key or an index to a FHIRPath-like path; keys that are no plain words are quoted. */
export function joinPath(path: string, step: string | number): string {
  if (typeof step === 'number') return `${path}[${step}]`;
  return /^[\w$-]{1,64}$/.test(step) ? `${path}.${step}` : `${path}.\`${step.slice(0, 64)}\``;
}
