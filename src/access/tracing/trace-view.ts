import { FhirError } from '../../errors/fhir-error.js';
import { ClientRefused } from '../../identity/client-refused.js';
import { UserRefused } from '../../identity/user-refused.js';
import { IntrospectionUnavailable, InvalidToken } from '../../introspection/errors.js';
import type { Refusal } from '../../introspection/refusal.js';
import type { Evaluation } from '../../policy/decide.js';
import {
  isArray,
  isObject,
  own,
  ownString,
  type Json,
  type JsonObject,
} from '../../policy/json.js';
import { correlationIdOf } from '../correlation-id.js';
import { evaluationView } from '../designing/evaluation-view.js';
import { decisionView, redactedMismatch } from '../designing/policy-trace.js';
import { redactRequest } from '../designing/redact-secrets.js';
import type {
  DecidedTrace,
  DecisionTrace,
  RefusedTrace,
  TracedCaller,
  TracedDecision,
} from './decision-trace.js';
import { excerptOf } from './excerpt.js';
import { redactTokens } from './redact-tokens.js';
import { skippedPolicies } from './skipped-policies.js';

/** How many policies a view lists. */
export interface TraceLimits {
  readonly considered: number;
  /** With the reason why they were not considered. */
  readonly skipped: number;
}

/** The pattern itself can be read in its policy. */
const EXPECTED = { nodes: 100, characters: 1_024 };

/** A trace as JSON text, without secrets. */
export function traceText({ trace, policies }: TracedDecision, limits: TraceLimits): string {
  const view: JsonObject = {
    time: new Date(trace.atMs).toISOString(),
    'correlation-id': correlationIdOf(trace.request) ?? null,
    ...outcomeView(trace),
    authentication: authenticationView(trace),
    ...subjectView(trace),
    operation: ownString(trace.request.operation, 'id') ?? null,
    request: redactRequest(trace.request),
    cut: trace.cut,
    ...(trace.kind === 'decided' ? policiesView(trace, policies, limits) : {}),
  };
  return redactTokens(JSON.stringify(view));
}

function outcomeView(trace: DecisionTrace): JsonObject {
  if (trace.kind === 'refused') {
    return { decision: 'deny', policy: null, reason: trace.stage, refusal: refusalView(trace) };
  }
  const { decision } = trace;
  const reason = decision.effect === 'deny' ? decision.reason : null;
  return { ...decisionView(decision), reason };
}

/** Which rule refused, beyond what the caller was told. */
function refusalView({ error }: RefusedTrace): JsonObject {
  const message = error instanceof FhirError ? error.message : 'an unforeseen failure, see the log';
  const status = error instanceof FhirError ? error.status : 500;
  return { status, message, ...ruleOf(error) };
}

function ruleOf(error: unknown): JsonObject {
  if (error instanceof InvalidToken) return { refusals: refusalsView(error.refusals) };
  if (error instanceof UserRefused) return { rule: error.rule, user: `User/${error.userId}` };
  if (error instanceof ClientRefused) {
    return { rule: error.rule, client: `Client/${error.clientId}` };
  }
  if (error instanceof IntrospectionUnavailable) {
    return { introspector: `TokenIntrospector/${error.introspectorId}` };
  }
  return {};
}

function authenticationView(trace: DecisionTrace): Json {
  const { caller } = trace;
  const read = trace.kind === 'refused' ? trace.scheme : undefined;
  const scheme = caller?.authenticatedBy?.scheme ?? read ?? null;
  return { scheme: scheme === 'none' ? null : scheme, ...callerView(caller) };
}

function callerView(caller: TracedCaller | undefined): JsonObject {
  if (!caller) return {};
  const { introspectorId, authenticatedBy } = caller;
  const { administrator, passedOver = [] } = authenticatedBy ?? {};
  return {
    ...(introspectorId === undefined
      ? {}
      : { introspector: `TokenIntrospector/${introspectorId}` }),
    ...(passedOver.length === 0 ? {} : { refusals: refusalsView(passedOver) }),
    ...(administrator === undefined ? {} : { 'acted-for': administrator }),
  };
}

function refusalsView(refusals: readonly Refusal[]): Json {
  return refusals.map(({ code, introspectorId }) => ({
    code,
    ...(introspectorId === undefined
      ? {}
      : { introspector: `TokenIntrospector/${introspectorId}` }),
  }));
}

function subjectView({ request: { user, client, role } }: DecisionTrace): JsonObject {
  const roles = isArray(role) ? role : [];
  return {
    user: named('User', user),
    roles: roles.map((one) => named('Role', one) ?? ownString(one, 'name') ?? null),
    client: named('Client', client),
  };
}

function named(type: string, resource: Json | undefined): string | null {
  const id = ownString(resource, 'id');
  return id === undefined ? null : `${type}/${id}`;
}

function policiesView(
  trace: DecidedTrace,
  policies: TracedDecision['policies'],
  limits: TraceLimits,
): JsonObject {
  const { listed, total } = skippedPolicies(trace, policies, limits.skipped);
  return {
    considered: trace.decision.considered.slice(0, limits.considered).map(consideredView),
    'considered-total': trace.decision.considered.length + trace.consideredMore,
    skipped: listed,
    'skipped-total': total,
  };
}

function consideredView(evaluation: Evaluation): JsonObject {
  const { mismatch, ...rest } = evaluationView(evaluation);
  return { ...rest, ...(isObject(mismatch) ? { mismatch: mismatchOf(mismatch) } : {}) };
}

function mismatchOf(mismatch: JsonObject): JsonObject {
  const expected = excerptOf(own(mismatch, 'expected') ?? null, EXPECTED).value;
  return redactedMismatch({ ...mismatch, expected });
}
