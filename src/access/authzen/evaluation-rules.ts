import { Injectable } from '@nestjs/common';
import { own } from '../../policy/json.js';
import { AccessSettings } from '../access-settings.js';
import { Authorizer } from '../authorizer.js';
import { isAdministration } from '../route.js';
import { RouteTable } from '../routes/route-table.js';
import type { EvaluatedSubject } from './evaluated-subject.js';
import type { EvaluatedTarget } from './evaluated-target.js';
import { denied, type EvaluationAnswer } from './evaluation-answer.js';

/** What holds of routes besides policies, as the guard has it. */
@Injectable()
export class EvaluationRules {
  constructor(
    private readonly authorizer: Authorizer,
    private readonly settings: AccessSettings,
    private readonly table: RouteTable,
  ) {}

  /** The answer that no policy can change; `undefined` where policies decide. */
  outcomeWithoutPolicies(
    { routes }: EvaluatedTarget,
    subject: EvaluatedSubject,
  ): EvaluationAnswer | undefined {
    if (routes.length > 0 && routes.every(({ isPublic }) => isPublic)) return { decision: true };
    if (!routes.some(({ isForAdministrators }) => isForAdministrators)) return undefined;
    const isAdministrator = this.authorizer.isAdministrator(subject);
    return isAdministrator ? undefined : denied('administrators-only');
  }

  /** Whether only a policy that speaks of administration may decide (spec §7). */
  needsAdministration({ routes, params }: EvaluatedTarget): boolean {
    if (!this.settings.isStrictAdministration) return false;
    if (routes.some(isAdministration)) return true;
    // The type may be named without an action of this server; the rule for its routes holds then too.
    const type = own(params, 'resource/type');
    return this.table.routes().some(({ route }) => type !== undefined && route.systemType === type);
  }
}
