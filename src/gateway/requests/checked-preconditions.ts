import { checkPreconditionsOf, type Preconditions } from '../../interactions/http/preconditions.js';
import type { Lookup } from './upstream-lookup.js';

/** A write whose target is known. */
export interface KnownWrite {
  readonly method: string;
  readonly type: string;
  /** `undefined` where something new is created. */
  readonly id: string | undefined;
}

/**
 * Checks the preconditions of a write that servers are known to pass over: `If-Match` of a deletion or a patch,
 * `If-None-Match` of any. They are sent along all the same; where the server does pass over them, what changes
 * between this look and the write is not noticed. `If-Match` of an update is left to the server.
 *
 * @throws VersionConflict 412 where they do not hold, and where the upstream tells no versions
 * @throws FhirError as {@link Lookup.versionOf} does
 */
export async function checkPreconditions(
  { method, type, id }: KnownWrite,
  { ifMatch, ifNoneMatch }: Preconditions,
  lookup: Lookup,
): Promise<void> {
  const isLeft = method === 'GET' || (method === 'PUT' && ifNoneMatch === undefined);
  if (isLeft || (ifMatch === undefined && ifNoneMatch === undefined)) return;
  const version = id === undefined ? undefined : await lookup.versionOf(type, id);
  checkPreconditionsOf({ ifMatch, ifNoneMatch }, version);
}
