import { Injectable } from '@nestjs/common';
import type { AccessRequest } from '../../policy/access-request.js';
import { evaluationWithSql, type DecisionOptions } from '../../policy/decide.js';
import { isArray, isObject, own, type Json, type JsonObject } from '../../policy/json.js';
import { explain } from '../../policy/matcho/explain.js';
import { parsePolicy } from '../../policy/parse-policy.js';
import type { Policy } from '../../policy/policy.js';
import { KnownRequests } from '../../resources/access-policy/known-requests.js';
import { policyWarnings } from '../../resources/access-policy/policy-warnings.js';
import { RoleNames } from '../../resources/access-policy/role-names.js';
import type { SqlDialect } from '../../policy/sql/sql-dialect.js';
import { SqlPolicies } from '../../resources/access-policy/sql/sql-policies.js';
import { AccessSettings } from '../access-settings.js';
import { Turns } from '../turns.js';
import { RequestCompletion } from './complete-request.js';
import { decideInTurns } from './decide-in-turns.js';
import { evaluationView, listedEvaluation, mismatchView } from './evaluation-view.js';
import { invalidInput, knownMembers, parsedAt } from './invalid-input.js';
import { decisionView } from './policy-trace.js';

const MEMBERS = ['request', 'policy', 'policies'] as const;
const MAX_POLICIES = 1_000;

/** Tries policies that need not be stored on requests that need not be sent (spec §8). */
@Injectable()
export class PolicyTrial {
  constructor(
    private readonly completion: RequestCompletion,
    private readonly settings: AccessSettings,
    private readonly requests: KnownRequests,
    private readonly roles: RoleNames,
    private readonly sql: SqlPolicies,
  ) {}

  /**
   * Evaluates one policy, or decides by several as the server would by stored ones.
   *
   * @param input `{request, policy}` or `{request, policies}`
   * @throws InvalidResource 422 for anything else, for an impossible request and for invalid policies.
   */
  async run(input: Json): Promise<JsonObject> {
    const members = knownMembers(input, 'test-policy', MEMBERS);
    const written = own(members, 'request');
    if (!isObject(written)) throw invalidInput('request', 'must be an object');
    const trial = await trialOf(members, this.sql.dialectForWriting());
    const { request, isAdministration } = await this.completion.complete(written);
    const administration = isAdministration && this.settings.isStrictAdministration;
    const options = { administration, sql: this.sql };
    const answer = { request, operation: request.operation ?? null };
    return trial.kind === 'one'
      ? { ...answer, ...(await this.evaluated(trial, request, options)) }
      : { ...answer, ...(await decided(trial.policies, request, options)) };
  }

  private async evaluated(
    { policy, source }: TrialOfOne,
    request: AccessRequest,
    options: DecisionOptions,
  ): Promise<JsonObject> {
    const result = evaluationView(await evaluationWithSql(policy, request, options));
    const mismatches =
      policy.engine === 'matcho' && result.reason === 'mismatch'
        ? { explain: explain(policy.pattern, request, request).map(mismatchView) }
        : {};
    const warnings = (
      await policyWarnings(policy, { requests: this.requests, roles: this.roles })
    ).map((warning) => ({ ...warning }));
    return {
      policy: source,
      result: { ...result, id: policy.id || null, ...mismatches, warnings },
    };
  }
}

interface TrialOfOne {
  readonly kind: 'one';
  readonly policy: Policy;
  readonly source: JsonObject;
}

type Trial = TrialOfOne | { readonly kind: 'several'; readonly policies: readonly Policy[] };

async function trialOf(members: JsonObject, sql: SqlDialect | undefined): Promise<Trial> {
  const source = own(members, 'policy');
  const sources = own(members, 'policies');
  if ((source === undefined) === (sources === undefined)) {
    throw invalidInput('policy', 'send either policy or policies');
  }
  if (source !== undefined) {
    return { kind: 'one', policy: parsed(source, 'policy', sql), source: source as JsonObject };
  }
  if (!isArray(sources) || sources.length > MAX_POLICIES) {
    throw invalidInput('policies', `must be a list of at most ${MAX_POLICIES} policies`);
  }
  return { kind: 'several', policies: await named(sources, sql) };
}

function parsed(source: Json, place: string, sql: SqlDialect | undefined): Policy {
  if (!isObject(source)) throw invalidInput(place, 'must be an object');
  return parsedAt(place, () => parsePolicy(source, sql));
}

/** Policies by the id that the answer calls them by: their own, or else their place in the list. */
async function named(
  sources: readonly Json[],
  sql: SqlDialect | undefined,
): Promise<readonly Policy[]> {
  const policies = new Map<string, Policy>();
  const turns = new Turns();
  for (const [index, source] of sources.entries()) {
    const place = `policies[${index}]`;
    const policy = parsed(source, place, sql);
    const id = policy.id === '' ? place : policy.id;
    if (policies.has(id))
      throw invalidInput(`${place}.id`, 'another policy of the list has the same id');
    policies.set(id, { ...policy, id });
    await turns.next();
  }
  return [...policies.values()];
}

async function decided(
  policies: readonly Policy[],
  request: AccessRequest,
  options: DecisionOptions,
): Promise<JsonObject> {
  const decision = await decideInTurns(policies, request, options);
  return { ...decisionView(decision), considered: decision.considered.map(listedEvaluation) };
}
