import { Injectable } from '@nestjs/common';
import { SystemResourceContext } from '../definition/system-resource-context.js';
import { SystemResourceService } from '../definition/system-resource.service.js';
import { CLIENT } from './client.definition.js';

/** The interactions on Client. */
@Injectable()
export class ClientService extends SystemResourceService {
  constructor(context: SystemResourceContext) {
    super(CLIENT, context);
  }
}
