import { Injectable } from '@nestjs/common';
import { evaluationOf } from '../../policy/decide.js';
import type { PolicySet } from '../../policy/index/policy-set.js';
import { asksDatabase } from '../../policy/sql-predicate.js';
import { unmetDemand } from '../../policy/index/unmet-demand.js';
import type { JsonObject } from '../../policy/json.js';
import type { Policy } from '../../policy/policy.js';
import type { RegisteredRoute } from '../routes/registered-routes.js';
import { RouteTable } from '../routes/route-table.js';
import { Allowance } from '../allowance.js';
import { MayRows } from './may-rows.js';
import { asksWhatIsOpen, isSettled } from './open-places.js';
import { ResourceTypeNames } from './resource-type-names.js';
import type { Subject } from './subject.js';
import { SupposedDecisions, type Supposed } from './supposed-decision.js';

/** Stand for the parts of a path that the question leaves open. */
const SAMPLES: ReadonlyMap<string, string> = new Map([
  [':id', 'any'],
  [':vid', '1'],
]);

/** Answers what somebody may do: which operations, on which types, by which policy. */
@Injectable()
export class WhatMay {
  constructor(
    private readonly decisions: SupposedDecisions,
    private readonly table: RouteTable,
    private readonly types: ResourceTypeNames,
  ) {}

  /**
   * Asks for every route, and for every type that a route takes, whether a plain request would be allowed;
   * of those that would not, which policies might allow another one of the kind.
   *
   * @param only types to ask about; `undefined` for all
   */
  async answer(subject: Subject, only: ReadonlySet<string> | undefined): Promise<JsonObject> {
    const policies = this.decisions.policiesNow();
    const allowance = new Allowance();
    const [allowed, depends] = [new MayRows(), new MayRows()];
    for (const { route, type, path } of this.requests(only)) {
      if (allowance.isSpent) break;
      const written = { uri: path, 'request-method': route.method.toLowerCase() };
      const supposed = await this.decisions.decide(written, subject, policies);
      if (supposed.lacksAdministrator) continue;
      if (supposed.decision.effect === 'allow') {
        allowed.add(route, type, supposed.decision.policyId);
      } else {
        for await (const id of undecided(policies, supposed, allowance)) {
          depends.add(route, type, id);
        }
      }
      await allowance.share();
    }
    return {
      subject: subject.name,
      administrator: this.decisions.isAdministrator(subject),
      allowed: allowed.list(),
      depends: depends.list(),
      complete: !allowance.isSpent,
    };
  }

  private *requests(
    only: ReadonlySet<string> | undefined,
  ): Generator<{ route: RegisteredRoute; type: string | undefined; path: string }> {
    for (const registered of this.table.routes()) {
      const { route, path } = registered;
      if (route.isPublic || route.operation === undefined) continue;
      const types = path.includes(':type') ? this.types.names : [route.systemType];
      for (const type of types) {
        if (only && (type === undefined || !only.has(type))) continue;
        yield { route: registered, type, path: sampled(path, type) };
      }
    }
  }
}

function sampled(path: string, type: string | undefined): string {
  return path.replace(/:\w+/g, (name) =>
    name === ':type' ? (type ?? 'Basic') : (SAMPLES.get(name) ?? 'any'),
  );
}

/** Ids of policies that fail by something that the question leaves open, as far as there is time to look. */
async function* undecided(
  policies: PolicySet,
  supposed: Supposed,
  allowance: Allowance,
): AsyncGenerator<string> {
  for (const policy of policies.all) {
    if (allowance.isSpent) return;
    if (dependsOnMore(policy, supposed)) yield policy.id;
    await allowance.share();
  }
}

function dependsOnMore(policy: Policy, { request, administration }: Supposed): boolean {
  if (policy.status !== 'active' || unmetDemand(policy, request, isSettled)) return false;
  const evaluation = evaluationOf(policy, request, administration);
  // What SQL answers may depend on anything that is asked for.
  if (asksDatabase(policy)) return evaluation.applies;
  return evaluation.outcome === 'fails' && asksWhatIsOpen(policy);
}
