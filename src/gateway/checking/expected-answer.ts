import type { QueryPair } from '../requests/query-pairs.js';
import type { UpstreamMethod, UpstreamRequest } from '../upstream/upstream.js';

/** A resource, or an OperationOutcome in its place. */
export interface ExpectedResource {
  readonly kind: 'resource';
  readonly type: string;
  /** Undefined where the upstream chooses it. */
  readonly id?: string | undefined;
  /** Whether it is deleted, which some servers answer with an empty object. */
  readonly isDeletion?: boolean;
}

/** A Bundle of resources that were decided on. */
export interface ExpectedBundle {
  readonly kind: 'searchset' | 'history';
  /** Types that are searched for, or whose history it is. */
  readonly types: readonly string[];
  /** Types of the resources that includes add. */
  readonly included?: readonly string[];
  /** Of the one resource that all versions are of. */
  readonly id?: string | undefined;
  /** Whether it may be refused, with an OperationOutcome in its place. */
  readonly orOutcome?: boolean;
  /** What the upstream has to have searched by; undefined where that was seen before, or cannot be. */
  readonly criteria?: AskedCriteria;
}

/** What resources of a searchset have to meet. */
export interface AskedCriteria {
  readonly pairs: readonly QueryPair[];
  /** Of which they are part. */
  readonly compartment?: {
    readonly type: string;
    readonly id: string;
    /** Names of the parameters by which resources belong to it. */
    readonly parameters: readonly string[];
  };
}

/** What a request that was decided is to be answered with. */
export type ExpectedAnswer = ExpectedResource | ExpectedBundle;

/** The resource that a request reads or writes, as its path says; the id of what is new is not known. */
export function addressedResource({ method, path }: UpstreamRequest): ExpectedResource {
  const [type, id] = path;
  if (type === undefined) throw new Error('A request for a resource names its type');
  return resourceAnswer(method, type, id);
}

/**
 * What a request for one resource, or an entry, is answered with.
 *
 * @param id that it names
 */
export function resourceAnswer(
  method: UpstreamMethod,
  type: string,
  id: string | undefined,
): ExpectedResource {
  if (method === 'POST') return { kind: 'resource', type };
  return { kind: 'resource', type, id, isDeletion: method === 'DELETE' };
}
