import { Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import { FhirErrorFilter } from '../errors/fhir-error.filter.js';
import { IdentityModule } from '../identity/identity.module.js';
import { StorageModule } from '../interactions/storage/storage.module.js';
import { IntrospectionModule } from '../introspection/introspection.module.js';
import { AccessPolicyModule } from '../resources/access-policy/access-policy.module.js';
import { ClientModule } from '../resources/client/client.module.js';
import { TokenIntrospectorModule } from '../resources/token-introspector/token-introspector.module.js';
import { UserModule } from '../resources/user/user.module.js';
import { AccessEvaluations } from './authzen/access-evaluations.js';
import { AuthzenConfigurationController } from './authzen/authzen-configuration.controller.js';
import { EvaluatedSubjects } from './authzen/evaluated-subject.js';
import { EvaluationLog } from './authzen/evaluation-log.js';
import { EvaluationRecord } from './authzen/evaluation-record.js';
import { EvaluationRules } from './authzen/evaluation-rules.js';
import { EvaluationController } from './authzen/evaluation.controller.js';
import { CacheController } from './administration/cache.controller.js';
import { AccessGuard } from './access.guard.js';
import { AnswerInterceptor } from './answer.interceptor.js';
import { Authenticator } from './authenticator.js';
import { ClientAuthenticator } from './client-authenticator.js';
import { Authorizer } from './authorizer.js';
import { IntrospectorCheckController } from './checking/introspector-check.controller.js';
import { IntrospectorChecks } from './checking/introspector-checks.js';
import { DecisionLog } from './decision-log.js';
import { DecisionMetrics } from './decision-metrics.js';
import { RequestMetrics } from './http/request-metrics.js';
import { RequestCompletion } from './designing/complete-request.js';
import { DesigningController } from './designing/designing.controller.js';
import { PolicyDebugging } from './designing/policy-debugging.js';
import { PolicyTraceFilter } from './designing/policy-trace.filter.js';
import { PolicyTrial } from './designing/policy-trial.js';
import { TrialSubjects } from './designing/trial-subject.js';
import { Impersonation } from './impersonation.js';
import { DecisionObservers } from './observing/decision-observers.js';
import { PolicyImpactController } from './observing/policy-impact.controller.js';
import { PolicyImpact } from './observing/policy-impact.js';
import { RecordedRequests } from './observing/recorded-requests.js';
import { ShadowPolicies } from './observing/shadow-policies.js';
import { PolicyEntryAuthorizer } from './entry-authorizer.js';
import { RequestReader } from './incoming-request.js';
import { AccessExplanation } from './explaining/explain-access.js';
import { ExplainAccessController } from './explaining/explain-access.controller.js';
import { SupposedDecisions } from './explaining/supposed-decision.js';
import { WhatMay } from './explaining/what-may.js';
import { WhoMay } from './explaining/who-may.js';
import { FirstStart } from './first-start/first-start.js';
import { FailedAttempts } from './throttling/failed-attempts.js';
import { Throttle } from './throttling/throttle.js';
import { ThrottleMetrics } from './throttling/throttle-metrics.js';
import { DecisionController } from './tracing/decision.controller.js';
import { DecisionTraces } from './tracing/decision-traces.js';
import { DenialMetrics } from './tracing/denial-metrics.js';
import { DenialStore } from './tracing/denial-store.js';
import { RecordedDecisions } from './tracing/recorded-decisions.js';
import { UnknownRouteController } from './unknown-route.controller.js';

/** Enforcement for every route of the application. */
@Module({
  imports: [
    StorageModule,
    IntrospectionModule,
    IdentityModule,
    AccessPolicyModule,
    ClientModule,
    TokenIntrospectorModule,
    UserModule,
  ],
  controllers: [
    AuthzenConfigurationController,
    EvaluationController,
    CacheController,
    DesigningController,
    DecisionController,
    ExplainAccessController,
    IntrospectorCheckController,
    PolicyImpactController,
    UnknownRouteController,
  ],
  providers: [
    RequestReader,
    Authenticator,
    ClientAuthenticator,
    ThrottleMetrics,
    { provide: FailedAttempts, useClass: Throttle },
    Authorizer,
    DecisionLog,
    DecisionObservers,
    ShadowPolicies,
    RecordedRequests,
    PolicyImpact,
    DecisionMetrics,
    DecisionTraces,
    DenialMetrics,
    DenialStore,
    AccessExplanation,
    SupposedDecisions,
    WhoMay,
    WhatMay,
    RecordedDecisions,
    RequestMetrics,
    PolicyEntryAuthorizer,
    Impersonation,
    PolicyDebugging,
    TrialSubjects,
    RequestCompletion,
    PolicyTrial,
    IntrospectorChecks,
    AccessEvaluations,
    EvaluationRules,
    EvaluatedSubjects,
    EvaluationLog,
    EvaluationRecord,
    FirstStart,
    AccessGuard,
    { provide: APP_GUARD, useExisting: AccessGuard },
    { provide: APP_INTERCEPTOR, useClass: AnswerInterceptor },
    { provide: APP_FILTER, useClass: FhirErrorFilter },
    { provide: APP_FILTER, useClass: PolicyTraceFilter },
  ],
})
export class AccessModule {}
