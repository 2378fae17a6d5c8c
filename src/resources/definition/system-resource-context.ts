import { Injectable } from '@nestjs/common';
import { ResourceStores } from '../../interactions/storage/resource-stores.js';
import { UnitOfWork } from '../../interactions/storage/unit-of-work.js';
import { ExternalSecrets } from '../secrets/external-secrets.js';
import { ProfileConformance } from '../profile-conformance.js';
import { SystemResourceSettings } from '../system-resource-settings.js';

/** What the service of every system resource is built with. */
@Injectable()
export class SystemResourceContext {
  constructor(
    readonly stores: ResourceStores,
    readonly unitOfWork: UnitOfWork,
    readonly settings: SystemResourceSettings,
    readonly externalSecrets: ExternalSecrets,
    readonly profiles: ProfileConformance,
  ) {}
}
