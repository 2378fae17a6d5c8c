import { Injectable } from '@nestjs/common';
import { SystemResourceContext } from '../definition/system-resource-context.js';
import { SystemResourceService } from '../definition/system-resource.service.js';
import { EndpointRules } from '../endpoint-rules.js';
import { tokenIntrospectorDefinition } from './token-introspector.definition.js';

/** The interactions on TokenIntrospector. */
@Injectable()
export class TokenIntrospectorService extends SystemResourceService {
  constructor(context: SystemResourceContext, endpoints: EndpointRules) {
    super(tokenIntrospectorDefinition(endpoints), context);
  }
}
