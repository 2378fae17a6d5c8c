import pg from 'pg';

/** A statement that has not been answered; the message says why and holds no value of a request. */
export class StatementFailed extends Error {
  constructor(
    message: string,
    /** SQLSTATE; `undefined` when the database has not said anything. */
    readonly code?: string,
  ) {
    super(message);
    this.name = 'StatementFailed';
  }
}

const QUERY_CANCELED = '57014';

/** What is made of a failure. */
export interface FailureTerms {
  /** Whether the statement had no values of a request, which messages of the database may quote. */
  readonly isWithoutRequest: boolean;
  readonly timeoutMs: number;
}

/** The failure of a statement or of its connection, in words that may be logged. */
export function statementFailed(
  error: unknown,
  { isWithoutRequest, timeoutMs }: FailureTerms,
): StatementFailed {
  if (error instanceof StatementFailed) return error;
  if (!(error instanceof pg.DatabaseError)) {
    const message = error instanceof Error ? error.message : 'unknown failure';
    return new StatementFailed(message);
  }
  const { code = '' } = error;
  if (code === QUERY_CANCELED) return new StatementFailed(`took longer than ${timeoutMs} ms`, code);
  const isAboutStatement = isWithoutRequest && code.startsWith('42');
  return new StatementFailed(isAboutStatement ? error.message : `SQLSTATE ${code}`, code);
}
