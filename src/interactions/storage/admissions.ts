import type { DataSource } from 'typeorm';
import { Admission } from '../load/admission.js';

/** Most requests of one kind that wait; short ones have their turn long before they lose patience. */
const WAITING = 1000;
const READ_PATIENCE_MS = 5000;
const WRITE_PATIENCE_MS = 10_000;
/** The part of the connections that writes may hold; the others are for decisions and reads. */
const WRITING_SHARE = 3 / 4;

/** As many wide reads at once as their pool has connections. */
export function admittedReads(dataSource: DataSource): Admission {
  return admittedTo(poolSizeOf(dataSource));
}

/** As many wide reads at once as there are connections for them. */
export function admittedTo(connections: number): Admission {
  return new Admission('searches', {
    atOnce: connections,
    waiting: WAITING,
    patienceMs: READ_PATIENCE_MS,
  });
}

/** Three quarters of the connections for writes. */
export function admittedWrites(dataSource: DataSource): Admission {
  return new Admission('writes', {
    atOnce: Math.max(1, Math.floor(poolSizeOf(dataSource) * WRITING_SHARE)),
    waiting: WAITING,
    patienceMs: WRITE_PATIENCE_MS,
  });
}

function poolSizeOf({ options }: DataSource): number {
  const { poolSize } = options;
  if (poolSize === undefined) throw new Error('A pool has no size');
  return poolSize;
}
