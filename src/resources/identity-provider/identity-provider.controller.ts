import { SystemResourceController } from '../definition/describe-routes.js';
import { systemResourceRoutes } from '../definition/system-resource-routes.js';
import { IdentityProviderDto } from './identity-provider.dto.js';
import { IDENTITY_PROVIDER_EXAMPLES } from './identity-provider.examples.js';
import { IdentityProviderService } from './identity-provider.service.js';

/** The routes of IdentityProvider. */
@SystemResourceController('IdentityProvider')
export class IdentityProviderController extends systemResourceRoutes(
  IdentityProviderDto,
  IDENTITY_PROVIDER_EXAMPLES,
) {
  constructor(protected readonly service: IdentityProviderService) {
    super();
  }
}
