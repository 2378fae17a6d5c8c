import type { EntityManager } from 'typeorm';
import type { Change } from '../changes/change-feed.js';

/** One database transaction; what is written in it becomes visible together or not at all. */
export interface Transaction {
  readonly manager: EntityManager;
  /** Configuration that was written, in order; announced when the work is done. */
  readonly changes: Change[];
}
