import { Injectable } from '@nestjs/common';
import type { FhirError } from '../errors/fhir-error.js';
import type { Caller } from '../identity/caller.js';
import type { AccessRequest } from '../policy/access-request.js';
import type { Decision } from '../policy/decide.js';
import type { PolicySet } from '../policy/index/policy-set.js';
import { PolicyRegistry } from '../resources/access-policy/policy-registry.js';
import { AccessDenied, AdministratorRequired, AuthenticationRequired } from './access-errors.js';
import { AccessSettings } from './access-settings.js';
import { callerName } from './caller-name.js';
import { DecisionLog } from './decision-log.js';
import { DecisionObservers } from './observing/decision-observers.js';
import type { TurnedAway } from './tracing/decision-traces.js';

/** Asks the decision point and enforces its answer. */
@Injectable()
export class Authorizer {
  constructor(
    private readonly policies: PolicyRegistry,
    private readonly settings: AccessSettings,
    private readonly log: DecisionLog,
    private readonly observers: DecisionObservers,
  ) {}

  /**
   * @param isAdministration whether the route manages system resources (spec §7, administration)
   * @throws AuthenticationRequired 401 for an anonymous caller, AccessDenied 403 for any other.
   */
  async authorize(
    requestId: string,
    request: AccessRequest,
    caller: Caller,
    isAdministration: boolean,
  ): Promise<void> {
    const policies = this.policies.current();
    const refusal = await this.refusalOf(requestId, request, caller, isAdministration, policies);
    if (refusal) throw refusal;
  }

  /**
   * Why the caller may not do what is requested, as {@link authorize} would throw it; `undefined` if it is
   * allowed.
   *
   * @param policies those to decide with
   */
  async refusalOf(
    requestId: string,
    request: AccessRequest,
    caller: Caller,
    isAdministration: boolean,
    policies: PolicySet,
  ): Promise<FhirError | undefined> {
    const administration = isAdministration && this.settings.isStrictAdministration;
    const decision = await policies.decide(request, { administration, sql: this.policies.sql });
    this.log.record({ requestId, request, caller, decision, policies, administration });
    const time = Date.now();
    const name = callerName(caller);
    this.observers.observe({ requestId, time, caller: name, request, decision, administration });
    return decision.effect === 'deny' ? refusal(decision, caller) : undefined;
  }

  /** Remembers a request that was refused before the policies were asked, or in spite of them. */
  turnedAway(refused: TurnedAway): void {
    this.log.recordRefusal(refused);
  }

  /** @throws AuthenticationRequired 401 for an anonymous caller, AdministratorRequired 403 for any other. */
  requireAdministrator(caller: Caller): void {
    if (this.isAdministrator(caller)) return;
    throw caller.kind === 'anonymous' ? new AuthenticationRequired() : new AdministratorRequired();
  }

  /** Whether an `engine: allow` policy without `roleName` is linked to the caller (spec §7). */
  isAdministrator({ user, client }: Pick<Caller, 'user' | 'client'>): boolean {
    const isUser = user !== undefined && this.policies.isAdministratorUser(user.id);
    const isClient = client !== undefined && this.policies.isAdministratorClient(client.id);
    return isUser || isClient;
  }
}

function refusal(decision: Extract<Decision, { effect: 'deny' }>, caller: Caller): FhirError {
  if (caller.kind === 'anonymous') return new AuthenticationRequired();
  if (decision.reason === 'no-policy') return new AccessDenied();
  return new AccessDenied(
    'a policy allows it but does not speak of administration, which system resources need: link it to a ' +
      'User or Client, give it a roleName, or constrain user, role, session, client, operation, uri or ' +
      'params.resource/type',
  );
}
