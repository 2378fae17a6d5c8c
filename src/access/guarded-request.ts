import type { Caller } from '../identity/caller.js';
import type { InteractionRequest } from '../interactions/http/interaction-request.js';
import type { IncomingRequest } from './incoming-request.js';

/** A request as it arrived, and who sent it: what a handler needs that decides further by itself. */
export interface GuardedRequest {
  readonly incoming: IncomingRequest;
  readonly caller: Caller;
}

/** Operations whose handlers decide about more than the request itself. */
const DECIDING: ReadonlySet<string> = new Set([
  'AccessEvaluation',
  'FhirCompartmentSearch',
  'FhirConditionalDelete',
  'FhirConditionalPatch',
  'FhirConditionalUpdate',
  'FhirCreate',
  'FhirEverything',
  'FhirExport',
  'FhirSearch',
  'FhirSystemSearch',
  'FhirTransaction',
]);

const ORIGINS = new WeakMap<InteractionRequest, GuardedRequest>();

/** Keeps where a request that the guard has let through comes from, for the handlers that decide further. */
export function rememberOrigin(
  operation: string | undefined,
  request: InteractionRequest,
  origin: GuardedRequest,
): void {
  if (operation !== undefined && DECIDING.has(operation)) ORIGINS.set(request, origin);
}

/** @throws Error for a request that the guard did not decide: it must not be handled. */
export function originOf(request: InteractionRequest): GuardedRequest {
  const origin = ORIGINS.get(request);
  if (!origin) throw new Error('A request reached its handler without a decision');
  return origin;
}
