import type { EntityManager } from 'typeorm';
import type { Change } from '../changes/change-feed.js';
import type { Deadline } from '../load/deadline.js';

/** One database transaction; what is written in it becomes visible together or not at all. */
export interface Transaction {
  readonly manager: EntityManager;
  /** Configuration that was written, in order; announced when the work is done. */
  readonly changes: Change[];
  /** When its last step must have begun, where it is a part of work that has one. */
  deadline?: Deadline;
}
