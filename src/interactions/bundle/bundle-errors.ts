import { FhirError, type Issue, type IssueCode } from '../../errors/fhir-error.js';
import { toFhirError } from '../../errors/to-fhir-error.js';

/** The criteria of a condition match none or several resources where one is meant: 412. */
export class ConditionNotMet extends FhirError {
  readonly status = 412;

  constructor(code: IssueCode, diagnostics: string) {
    super([{ code, diagnostics }]);
  }
}

/**
 * What criteria had picked was changed by somebody else before it was locked: 412. It is looked for again
 * before anybody is told.
 */
export class TargetChanged extends ConditionNotMet {
  /** As PostgreSQL calls what may succeed when it is repeated. */
  readonly code = '40001';

  constructor() {
    super('conflict', 'The resource that matches is being changed by others; try again');
  }
}

/**
 * Why a transaction failed as a whole: the failures of its entries. The status is that of the first one;
 * each issue names its entry, as `Bundle.entry[3]`.
 */
export class EntriesFailed extends FhirError {
  readonly status: number;
  override readonly headers: FhirError['headers'];

  constructor(failures: readonly EntryFailure[]) {
    super(
      failures.flatMap(({ index, thrown }) =>
        toFhirError(thrown).issues.map((issue) => issueOfEntry(index, issue)),
      ),
      { cause: failures[0]?.thrown },
    );
    const first = toFhirError(failures[0]?.thrown);
    this.status = first.status;
    this.headers = first.headers;
  }
}

/** What was thrown for one entry. */
export interface EntryFailure {
  readonly index: number;
  readonly thrown: unknown;
}

function issueOfEntry(index: number, issue: Issue): Issue {
  const { expression, diagnostics } = issue;
  const isNamed = expression === undefined || diagnostics.includes(expression);
  return {
    ...issue,
    diagnostics: isNamed ? diagnostics : `${expression}: ${diagnostics}`,
    expression: `Bundle.entry[${index}]`,
  };
}
