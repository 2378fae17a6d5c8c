import { Injectable } from '@nestjs/common';
import type { AccessRequest } from '../../policy/access-request.js';
import type { Decision } from '../../policy/decide.js';
import type { PolicySet } from '../../policy/index/policy-set.js';
import { PolicyRegistry } from '../../resources/access-policy/policy-registry.js';
import { AccessSettings } from '../access-settings.js';
import { Authorizer } from '../authorizer.js';
import type { JsonObject } from '../../policy/json.js';
import { completedRequest } from '../designing/complete-request.js';
import { RouteTable } from '../routes/route-table.js';
import type { Subject } from './subject.js';

/** What would be decided if a subject sent a request. */
export interface Supposed {
  readonly request: AccessRequest;
  /** Whether a policy that decides had to speak of administration. */
  readonly administration: boolean;
  readonly decision: Decision;
  /** Whether it would be refused for want of an administrator, whatever the decision. */
  readonly lacksAdministrator: boolean;
}

/** Decides requests that are only thought of, as the guard would. */
@Injectable()
export class SupposedDecisions {
  constructor(
    private readonly table: RouteTable,
    private readonly settings: AccessSettings,
    private readonly authorizer: Authorizer,
    private readonly policies: PolicyRegistry,
  ) {}

  /** Those to decide one question with, from beginning to end. */
  policiesNow(): PolicySet {
    return this.policies.current();
  }

  /** Whether the subject is an administrator (spec §7). */
  isAdministrator(subject: Subject): boolean {
    return this.authorizer.isAdministrator(subject);
  }

  /** @throws InvalidResource 422 for what no request could be. */
  async decide(written: JsonObject, subject: Subject, policies: PolicySet): Promise<Supposed> {
    const { request, isAdministration } = completedRequest(written, subject.members, this.table);
    const administration = isAdministration && this.settings.isStrictAdministration;
    const options = { administration, sql: this.policies.sql };
    const decision = await policies.decide(request, options);
    const { uri, 'request-method': method = 'get' } = request;
    const resolved = uri === undefined ? undefined : this.table.resolve(method, uri);
    const lacksAdministrator =
      resolved?.route.isForAdministrators === true && !this.isAdministrator(subject);
    return { request, administration, decision, lacksAdministrator };
  }
}
