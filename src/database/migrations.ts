import type { MigrationInterface } from 'typeorm';
import { CreateRevision1795300000000 } from '../../migrations/1795300000000-create-revision.js';
import { CreateResources1795300100000 } from '../../migrations/1795300100000-create-resources.js';
import { CreateUsedProof1795301030000 } from '../../migrations/1795301030000-create-used-proof.js';
import { CreateProvisionedUser1795301040000 } from '../../migrations/1795301040000-create-provisioned-user.js';
import { CreateCacheEpoch1795301040200 } from '../../migrations/1795301040200-create-cache-epoch.js';
import { CreateDenial1795301060000 } from '../../migrations/1795301060000-create-denial.js';
import { CreatePolicyRelations1795301070000 } from '../../migrations/1795301070000-create-policy-relations.js';
import { CreateSearchIndex1795301090000 } from '../../migrations/1795301090000-create-search-index.js';
import { CreateUpstreamPageKey1795301100000 } from '../../migrations/1795301100000-create-upstream-page-key.js';
import { CoverSearches1795301120000 } from '../../migrations/1795301120000-cover-searches.js';
import { IndexHistory1795301130000 } from '../../migrations/1795301130000-index-history.js';

/** Every schema change in order; a new file in `migrations/` is added at the end. */
export const MIGRATIONS: readonly (new () => MigrationInterface)[] = [
  CreateRevision1795300000000,
  CreateResources1795300100000,
  CreateUsedProof1795301030000,
  CreateProvisionedUser1795301040000,
  CreateCacheEpoch1795301040200,
  CreateDenial1795301060000,
  CreatePolicyRelations1795301070000,
  CreateSearchIndex1795301090000,
  CreateUpstreamPageKey1795301100000,
  CoverSearches1795301120000,
  IndexHistory1795301130000,
];
