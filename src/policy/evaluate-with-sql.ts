import type { AccessRequest } from './access-request.js';
import { evaluate } from './evaluate.js';
import type { Mismatch } from './matcho/match.js';
import type { PolicyWork } from './matcho/work-limit.js';
import type { Rule } from './policy.js';
import { asksDatabase, type SqlPredicate } from './sql-predicate.js';
import { bindStatement } from './sql/bind-statement.js';

/** Asks the database for one policy and one request. */
export interface SqlAsking {
  /** `undefined` where there is none, so that SQL cannot be evaluated. */
  readonly sql: SqlPredicate | undefined;
  readonly policyId: string;
  readonly request: AccessRequest;
  /** The same object for all that share the time of one decision. */
  readonly budget: object;
  /** What the policy may take besides. */
  readonly work: PolicyWork;
}

/**
 * Evaluates a rule of any engine. Inside a complex rule what needs no database is evaluated first, and
 * the database is asked only if that leaves the answer open.
 *
 * @returns the first mismatch; `undefined` when the rule holds.
 * @throws what keeps the rule from being evaluated; the caller counts that as false.
 */
export async function evaluateWithSql(
  rule: Rule,
  asking: SqlAsking,
): Promise<Mismatch | undefined> {
  if (!asksDatabase(rule)) return evaluate(rule, asking.request, asking.work);
  switch (rule.engine) {
    case 'sql':
      return ask(rule, asking);
    case 'complex':
      return rule.operator === 'and' ? everyOf(rule.rules, asking) : someOf(rule.rules, asking);
    case 'allow':
    case 'matcho':
    case 'json-schema':
    case 'matcho-rpc':
    case 'allow-rpc':
      return evaluate(rule, asking.request, asking.work);
  }
}

async function ask(
  { statement }: Extract<Rule, { engine: 'sql' }>,
  { sql, policyId, request, budget }: SqlAsking,
): Promise<Mismatch | undefined> {
  if (!sql) throw new Error('SQL cannot be evaluated here');
  const holds = await sql.holds(policyId, bindStatement(statement, request), budget);
  return holds ? undefined : { path: [], expected: 'a query that answers true', but: false };
}

async function everyOf(rules: readonly Rule[], asking: SqlAsking): Promise<Mismatch | undefined> {
  for (const rule of cheapFirst(rules)) {
    const mismatch = await evaluateWithSql(rule, asking);
    if (mismatch) return mismatch;
  }
  return undefined;
}

// A rule that cannot be evaluated must not keep the others from granting, nor grant itself.
async function someOf(rules: readonly Rule[], asking: SqlAsking): Promise<Mismatch | undefined> {
  const mismatches: Mismatch[] = [];
  const errors: unknown[] = [];
  for (const rule of cheapFirst(rules)) {
    try {
      const mismatch = await evaluateWithSql(rule, asking);
      if (!mismatch) return undefined;
      mismatches.push(mismatch);
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
  return mismatches[0];
}

function cheapFirst(rules: readonly Rule[]): readonly Rule[] {
  return [...rules.filter((rule) => !asksDatabase(rule)), ...rules.filter(asksDatabase)];
}
