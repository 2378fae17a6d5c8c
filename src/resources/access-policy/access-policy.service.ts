import { Injectable } from '@nestjs/common';
import { SystemResourceContext } from '../definition/system-resource-context.js';
import { SystemResourceService } from '../definition/system-resource.service.js';
import { ACCESS_POLICY } from './access-policy.definition.js';

/** The interactions on AccessPolicy. */
@Injectable()
export class AccessPolicyService extends SystemResourceService {
  constructor(context: SystemResourceContext) {
    super(ACCESS_POLICY, context);
  }
}
