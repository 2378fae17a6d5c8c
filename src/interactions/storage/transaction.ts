import type { EntityManager } from 'typeorm';

/** One database transaction; what is written in it becomes visible together or not at all. */
export interface Transaction {
  readonly manager: EntityManager;
  /** Set when configuration was written, so that this instance catches up before it answers. */
  changesConfiguration: boolean;
}
