import pg, { type QueryResultRow } from 'pg';

/** The owner of a database of tests, to look at what policies run as. */
export class DatabaseOwner {
  private readonly client: pg.Client;

  constructor(url: string) {
    this.client = new pg.Client({ connectionString: url });
  }

  /** @returns the rows */
  async query<Row extends QueryResultRow>(
    text: string,
    values: readonly unknown[] = [],
  ): Promise<readonly Row[]> {
    return (await this.client.query<Row>(text, [...values])).rows;
  }

  async open(): Promise<void> {
    await this.client.connect();
  }

  async close(): Promise<void> {
    await this.client.end();
  }

  /** The name of the login that statements of policies run as. */
  async policyRole(): Promise<string> {
    const [row] = await this.query<{ role: string }>(
      `SELECT 'wardgate_policy_' || oid AS role FROM pg_database WHERE datname = current_database()`,
    );
    return row?.role ?? '';
  }

  /** Its password. */
  async policyPassword(): Promise<string> {
    const [row] = await this.query<{ password: string }>('SELECT password FROM policy_login');
    return row?.password ?? '';
  }

  /** How many statements of policies the server works on. */
  async statementsAtWork(): Promise<number> {
    const role = await this.joinPolicyRole();
    const [row] = await this.query<{ count: number }>(
      `SELECT count(*)::int FROM pg_stat_activity
        WHERE datname = current_database() AND usename = $1 AND state = 'active'
          AND application_name = 'wardgate policies'`,
      [role],
    );
    return row?.count ?? 0;
  }

  /** Ends the connections of policies, as a restart of the server would. */
  async endPolicyConnections(): Promise<void> {
    const role = await this.joinPolicyRole();
    await this.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1', [
      role,
    ]);
  }

  /** Who is no member of a role is not told what it does, and cannot end it. */
  private async joinPolicyRole(): Promise<string> {
    const role = await this.policyRole();
    await this.query(`GRANT ${role} TO CURRENT_USER`);
    return role;
  }
}
