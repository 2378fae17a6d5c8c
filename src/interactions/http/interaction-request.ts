import { createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import type { ParsedBody } from '../formats/json.js';
import type { Requester } from '../resource-interactions.js';
import type { QueryParams } from '../search/parse-search.js';
import { BadRequest } from '../../errors/fhir-error.js';

/** A request that the guard has let through, as far as interactions are concerned with it. */
export interface InteractionRequest extends Requester {
  readonly query: QueryParams;
  readonly body: ParsedBody | undefined;
  readonly contentType: string | undefined;
  readonly ifMatch: string | undefined;
  readonly ifNoneMatch: string | undefined;
  readonly ifModifiedSince?: string | undefined;
  readonly prefer: string | undefined;
}

/** A parameter of a controller method that receives the {@link InteractionRequest}. */
export const Interaction = createParamDecorator(
  (_data: unknown, context: ExecutionContext): InteractionRequest => {
    const http = context.switchToHttp().getRequest<{ interaction?: InteractionRequest }>();
    // Only the guard attaches it: a route that it did not decide must not run.
    if (!http.interaction) throw new Error('A request reached its handler without a decision');
    return http.interaction;
  },
);

/** @throws BadRequest 400 when the request has none. */
export function requiredBody({ body }: InteractionRequest): ParsedBody {
  if (body) return body;
  throw new BadRequest('The request needs a body: a resource as JSON or YAML', 'required');
}

/** Metadata key of {@link Operation}. */
export const OPERATION = 'wardgate:operation';

/** Names the operation of a route; policies are linked to it by this id (spec §7). */
export const Operation = (id: string): MethodDecorator => SetMetadata(OPERATION, id);

/** Metadata key of {@link SystemType}. */
export const SYSTEM_TYPE = 'wardgate:system-type';

/** Marks a controller as that of one type of system resource: its routes are administration. */
export const SystemType = (type: string): ClassDecorator => SetMetadata(SYSTEM_TYPE, type);
