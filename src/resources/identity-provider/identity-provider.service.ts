import { Injectable } from '@nestjs/common';
import { SystemResourceContext } from '../definition/system-resource-context.js';
import { SystemResourceService } from '../definition/system-resource.service.js';
import { EndpointRules } from '../endpoint-rules.js';
import { identityProviderDefinition } from './identity-provider.definition.js';

/** The interactions on IdentityProvider. */
@Injectable()
export class IdentityProviderService extends SystemResourceService {
  constructor(context: SystemResourceContext, endpoints: EndpointRules) {
    super(identityProviderDefinition(endpoints), context);
  }
}
