import { Injectable, Logger } from '@nestjs/common';
import { PolicyDatabase } from '../../../database/policy/policy-database.js';
import { StatementFailed } from '../../../database/policy/statement-failed.js';
import { joinPath, type PolicyIssue } from '../../../policy/invalid-policy.js';
import type { Rule } from '../../../policy/policy.js';
import type { SqlPredicate } from '../../../policy/sql-predicate.js';
import { sampleText } from '../../../policy/sql/bind-statement.js';
import type { SqlDialect } from '../../../policy/sql/sql-dialect.js';
import type { SqlQuery, SqlStatement } from '../../../policy/sql/sql-statement.js';
import { answerQuery, isGrant } from './answer-query.js';
import { PostgresParser } from './postgres-parser.js';
import { SqlPolicySettings } from './sql-policy-settings.js';
import { StatementUnchecked } from './statement-unchecked.js';

/** All statements of one decision together may take this many times what one may. */
const STATEMENTS_OF_TIME = 10;
/** Classes of SQLSTATE that speak of the statement: data, syntax and rights, features. */
const FAULTS = /^(?:22|42|0A)/;

/** `engine: sql`: what statements are checked against, and where they are evaluated (spec §7). */
@Injectable()
export class SqlPolicies implements SqlPredicate {
  /** For policies that are stored, whether or not their statements can be evaluated now. */
  readonly dialect: SqlDialect;
  /** For what must not keep decisions waiting: one connection of its own, the same bounds. */
  readonly observing: SqlPredicate;
  private readonly logger = new Logger('SqlPolicy');
  private readonly deadlines = new WeakMap<object, number>();

  constructor(
    private readonly database: PolicyDatabase,
    private readonly settings: SqlPolicySettings,
    parser: PostgresParser,
  ) {
    this.dialect = {
      relations: new Set(settings.relations),
      whyOthersAreMissing: settings.whyOthersAreMissing,
      parse: (text) => parser.parse(text),
    };
    this.observing = {
      holds: (policyId, query, budget) => this.ask(database.beside, policyId, query, budget),
    };
  }

  /** For policies that are to be written or tried; `undefined` where SQL cannot be evaluated at all. */
  dialectForWriting(): SqlDialect | undefined {
    return this.database.unavailable === undefined ? this.dialect : undefined;
  }

  async holds(policyId: string, query: SqlQuery, budget: object): Promise<boolean> {
    return this.ask(this.database, policyId, query, budget);
  }

  private async ask(
    database: PolicyDatabase,
    policyId: string,
    query: SqlQuery,
    budget: object,
  ): Promise<boolean> {
    try {
      this.requireTime(budget);
      return isGrant(await database.rows(answerQuery(query.text), query.values));
    } catch (error) {
      const reason = error instanceof Error ? error.message : 'unknown failure';
      this.logger.warn({ message: 'A SQL policy counts as false', policy: policyId, reason });
      throw error;
    }
  }

  /**
   * What the database finds wrong with the statements of a rule, which it reads without running them.
   *
   * @param path where the rule stands.
   * @throws StatementUnchecked 503 when it has not answered.
   */
  async problemsOf(rule: Rule, path: string): Promise<readonly PolicyIssue[]> {
    const issues: PolicyIssue[] = [];
    for (const { statement, at } of statementsOf(rule, path)) {
      const message = await this.problemOf(statement);
      if (message !== undefined) issues.push({ path: at, message });
    }
    return issues;
  }

  private async problemOf(statement: SqlStatement): Promise<string | undefined> {
    try {
      await this.database.check(answerQuery(sampleText(statement)));
      return undefined;
    } catch (error) {
      if (!(error instanceof StatementFailed)) throw error;
      if (error.code !== undefined && FAULTS.test(error.code)) return error.message;
      this.logger.warn({ message: 'A SQL policy cannot be checked', reason: error.message });
      throw new StatementUnchecked();
    }
  }

  /** Whether the time of those who share the object is over, so that nothing more is asked for them. */
  isSpent(budget: object): boolean {
    return performance.now() > (this.deadlines.get(budget) ?? Infinity);
  }

  /** However many policies ask, a request is decided in bounded time. */
  private requireTime(budget: object): void {
    if (this.isSpent(budget)) {
      throw new StatementFailed('the statements before it took all the time of the decision');
    }
    if (this.deadlines.has(budget)) return;
    this.deadlines.set(budget, performance.now() + STATEMENTS_OF_TIME * this.settings.timeoutMs);
  }
}

interface Placed {
  readonly statement: SqlStatement;
  readonly at: string;
}

function statementsOf(rule: Rule, path: string): readonly Placed[] {
  if (rule.engine === 'sql') return [{ statement: rule.statement, at: `${path}.sql.query` }];
  if (rule.engine !== 'complex') return [];
  return rule.rules.flatMap((part, index) =>
    statementsOf(part, joinPath(`${path}.${rule.operator}`, index)),
  );
}
