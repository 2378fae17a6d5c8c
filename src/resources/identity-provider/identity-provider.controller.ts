import { SystemResourceController } from '../definition/describe-routes.js';
import { systemResourceRoutes } from '../definition/system-resource-routes.js';
import { IdentityProviderDto } from './identity-provider.dto.js';
import { IdentityProviderService } from './identity-provider.service.js';

/** The routes of IdentityProvider. */
@SystemResourceController('IdentityProvider')
export class IdentityProviderController extends systemResourceRoutes(IdentityProviderDto) {
  constructor(protected readonly service: IdentityProviderService) {
    super();
  }
}
