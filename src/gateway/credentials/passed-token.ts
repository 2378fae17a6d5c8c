import type { GuardedRequest } from '../../access/guarded-request.js';
import { UpstreamCredentials } from '../upstream/upstream-credentials.js';

const BEARER = /^Bearer [\x21-\x7e]+$/i;

/**
 * The caller's own bearer token, where that is what the operator chose. Nothing else that a caller
 * authenticates with: not the secret of a Client, not a token that Wardgate has issued, nor one that is bound to its sender's key, and not
 * that of an administrator who acts as somebody else.
 */
export class PassedToken extends UpstreamCredentials {
  async headers({ caller, incoming }: GuardedRequest): Promise<Readonly<Record<string, string>>> {
    const { scheme, administrator } = caller.authenticatedBy ?? {};
    const authorization = incoming.peer.headers['authorization'];
    const isForeign = caller.kind === 'token' && scheme === 'bearer';
    const isOwn = isForeign && administrator === undefined;
    if (!isOwn || typeof authorization !== 'string' || !BEARER.test(authorization)) return {};
    return { authorization };
  }

  refused(): boolean {
    return false;
  }
}
