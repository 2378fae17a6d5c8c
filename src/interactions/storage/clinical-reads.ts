import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { ReplicaPool } from '../../database/replica-pool.js';
import type { ClinicalReads } from '../load/clinical-reads.js';
import type { ReplicaPatience } from '../load/replica-patience.js';
import { POSITION, ReplicaReads, type LogPosition } from '../load/replica-reads.js';
import type { WideReads } from '../load/wide-reads.js';
import { admittedTo } from './admissions.js';

/** Reads on the primary, or on the replica where there is one and it has everything. */
export function clinicalReads(
  primary: WideReads,
  dataSource: DataSource,
  replica: ReplicaPool,
  patience: ReplicaPatience,
): ClinicalReads {
  if (!replica.isConfigured) return primary;
  const logger = new Logger('Replica');
  const admission = admittedTo(replica.settings.poolSize);
  return new ReplicaReads(primary, {
    position: () => positionOf(dataSource),
    open: () => replica.open(),
    admit: (read) => admission.run(read),
    patienceMs: patience.ms,
    warn: (message) => {
      logger.warn(message);
    },
  });
}

async function positionOf(dataSource: DataSource): Promise<LogPosition> {
  const [position]: LogPosition[] = await dataSource.query(POSITION);
  if (!position) throw new Error('The primary does not say how far its log is written');
  return position;
}
