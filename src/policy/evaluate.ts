import type { AccessRequest } from './access-request.js';
import { isRpc } from './applies.js';
import { isAbsent, own, ownString, type Json } from './json.js';
import { validate } from './json-schema/validate.js';
import { areEqual } from './matcho/equalities.js';
import { match, type Mismatch } from './matcho/match.js';
import type { Pattern } from './matcho/pattern.js';
import { WorkLimit, type PolicyWork } from './matcho/work-limit.js';
import type { Rule } from './policy.js';

/**
 * Evaluates a rule that does not ask the database against a request.
 *
 * @param work what the policy of the rule may take.
 * @returns the first mismatch; `undefined` when the rule holds.
 * @throws what a schema throws that cannot be evaluated, when no work is left, and for SQL; the caller counts
 * that as false.
 */
export function evaluate(
  rule: Rule,
  request: AccessRequest,
  work: PolicyWork,
): Mismatch | undefined {
  switch (rule.engine) {
    case 'allow':
      return undefined;
    case 'matcho':
      if (rule.equalities && areEqual(rule.equalities, request)) return undefined;
      return match(rule.pattern, request, request, new WorkLimit(work));
    case 'json-schema':
      return validate(rule.schema, request, new WorkLimit(work));
    case 'sql':
      throw new Error('SQL is evaluated by the database');
    case 'complex':
      return rule.operator === 'and'
        ? everyOf(rule.rules, request, work)
        : someOf(rule.rules, request, work);
    case 'matcho-rpc':
      return matchesMethod(rule.methods, request, work);
    case 'allow-rpc':
      return namesMethod(rule.methods, request) ? undefined : otherMethod(rule.methods, request);
  }
}

function matchesMethod(
  methods: ReadonlyMap<string, Pattern>,
  request: AccessRequest,
  work: PolicyWork,
): Mismatch | undefined {
  const method = rpcMethod(request);
  const pattern = method === undefined ? undefined : methods.get(method);
  if (!pattern) return otherMethod(methods, request);
  return match(pattern, request, request, new WorkLimit(work));
}

function namesMethod(methods: ReadonlySet<string>, request: AccessRequest): boolean {
  const method = rpcMethod(request);
  return method !== undefined && methods.has(method);
}

function everyOf(
  rules: readonly Rule[],
  request: AccessRequest,
  work: PolicyWork,
): Mismatch | undefined {
  for (const rule of rules) {
    const mismatch = evaluate(rule, request, work);
    if (mismatch) return mismatch;
  }
  return undefined;
}

// A rule that cannot be evaluated must not keep the others from granting, nor grant itself.
function someOf(
  rules: readonly Rule[],
  request: AccessRequest,
  work: PolicyWork,
): Mismatch | undefined {
  const mismatches: Mismatch[] = [];
  const errors: unknown[] = [];
  for (const rule of rules) {
    try {
      const mismatch = evaluate(rule, request, work);
      if (!mismatch) return undefined;
      mismatches.push(mismatch);
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
  return mismatches[0];
}

function rpcMethod(request: AccessRequest): string | undefined {
  return isRpc(request) ? ownString(own(request, 'params'), '_m') : undefined;
}

function otherMethod(
  methods: ReadonlyMap<string, unknown> | ReadonlySet<string>,
  request: AccessRequest,
): Mismatch {
  const but: Json | undefined = own(own(request, 'params'), '_m');
  return {
    path: ['params', '_m'],
    expected: { $enum: [...methods.keys()] },
    but: isAbsent(but) ? null : but,
  };
}
