import type { JWK } from 'jose';
import type { GuardedRequest } from '../../access/guarded-request.js';

/** What the upstream is told about the caller. */
export abstract class CallerIdentity {
  /** Headers that say who asks; none unless configured. */
  abstract headers(forWhom: GuardedRequest): Promise<Readonly<Record<string, string>>>;

  /** The keys by which the upstream verifies what it is told; none where nothing is signed. */
  async publicKeys(): Promise<readonly JWK[]> {
    return [];
  }
}

/** The upstream is told nothing. */
export class UntoldIdentity extends CallerIdentity {
  async headers(): Promise<Readonly<Record<string, string>>> {
    return {};
  }
}
