import { Injectable } from '@nestjs/common';
import { own, type JsonObject } from '../../policy/json.js';
import { parsePolicy } from '../../policy/parse-policy.js';
import type { Policy, PolicyStatus } from '../../policy/policy.js';
import { AccessPolicyService } from '../../resources/access-policy/access-policy.service.js';
import { PolicyRegistry } from '../../resources/access-policy/policy-registry.js';
import { Allowance } from '../allowance.js';
import { dependence } from './dependence.js';
import { RecordedRequests, type RecordedRequest } from './recorded-requests.js';

/** A request whose outcome depends on the policy. */
export interface AffectedRequest {
  readonly 'request-id': string;
  /** ISO 8601. */
  readonly time: string;
  readonly caller: string;
  readonly 'request-method': string | null;
  readonly uri: string | null;
  readonly operation: string | null;
  /** What was decided when it was sent. */
  readonly recorded: 'allow' | 'deny';
  /** What would be decided now, and after the change. */
  readonly now: 'allow' | 'deny';
  readonly then: 'allow' | 'deny';
}

/** A request of which it could not be told whether its outcome depends on the policy. */
export interface UndecidedRequest {
  readonly 'request-id': string;
  /** Id of the policy that could not be evaluated. */
  readonly policy: string;
}

/** What a policy does, or would do, to requests like those that were recorded. */
export interface Impact {
  readonly policy: string;
  readonly status: PolicyStatus;
  /** Of an active policy that it is removed, of any other that it is made active. */
  readonly change: 'removed' | 'activated';
  /** ISO 8601 of the oldest request that was tried; `null` without any. */
  readonly since: string | null;
  /** How many requests were tried. */
  readonly replayed: number;
  /** How many could not be, because a part of them was too large to be kept. */
  readonly 'left-out': number;
  /** Whether there was time for all of them. */
  readonly complete: boolean;
  /** How many would change outcome. */
  readonly affected: number;
  /** The newest of these. */
  readonly requests: readonly AffectedRequest[];
  /** How many might or might not: a policy that settles it took too long, or failed. */
  readonly undecided: number;
  /** The newest of these. */
  readonly 'undecided-requests': readonly UndecidedRequest[];
}

const MAX_SHOWN = 100;

/** Says by recorded requests what a change of one policy would change. */
@Injectable()
export class PolicyImpact {
  constructor(
    private readonly resources: AccessPolicyService,
    private readonly policies: PolicyRegistry,
    private readonly recorded: RecordedRequests,
  ) {}

  /** @throws NotFound 404, Gone 410 */
  async of(id: string): Promise<Impact> {
    const { text } = await this.resources.read(id);
    const policy = parsePolicy(JSON.parse(text) as JsonObject, this.policies.sql.dialect);
    const records = this.recorded.recent();
    const tried = await tryAll(policy, this.policies, records);
    const oldest = tried.replayed.at(-1);
    return {
      policy: id,
      status: policy.status,
      change: policy.status === 'active' ? 'removed' : 'activated',
      since: oldest === undefined ? null : new Date(oldest.time).toISOString(),
      replayed: tried.replayed.length,
      'left-out': records.filter(({ isIncomplete }) => isIncomplete).length,
      complete: tried.isComplete,
      affected: tried.affected.length,
      requests: tried.affected.slice(0, MAX_SHOWN).map((record) => affectedView(record, policy)),
      undecided: tried.undecided.length,
      'undecided-requests': tried.undecided.slice(0, MAX_SHOWN),
    };
  }
}

interface Tried {
  readonly replayed: RecordedRequest[];
  readonly affected: RecordedRequest[];
  readonly undecided: UndecidedRequest[];
  readonly isComplete: boolean;
}

async function tryAll(
  policy: Policy,
  registry: PolicyRegistry,
  records: readonly RecordedRequest[],
): Promise<Tried> {
  const allowance = new Allowance();
  const policies = registry.current();
  const tried: Tried = { replayed: [], affected: [], undecided: [], isComplete: true };
  for (const record of records) {
    if (record.isIncomplete) continue;
    if (allowance.isSpent) return { ...tried, isComplete: false };
    tried.replayed.push(record);
    const found = await dependence(policy, policies, record, registry.sql.observing);
    if (found.kind === 'decisive') tried.affected.push(record);
    if (found.kind === 'undecided') {
      tried.undecided.push({ 'request-id': record.requestId, policy: found.policyId });
    }
    await allowance.share();
  }
  return tried;
}

function affectedView(
  { requestId, time, caller, request, effect }: RecordedRequest,
  { status }: Policy,
): AffectedRequest {
  const operation = own(request.operation, 'id');
  const isActive = status === 'active';
  return {
    'request-id': requestId,
    time: new Date(time).toISOString(),
    caller,
    'request-method': request['request-method'] ?? null,
    uri: request.uri ?? null,
    operation: typeof operation === 'string' ? operation : null,
    recorded: effect,
    now: isActive ? 'allow' : 'deny',
    then: isActive ? 'deny' : 'allow',
  };
}
