import { SystemResourceController } from '../definition/describe-routes.js';
import { systemResourceRoutes } from '../definition/system-resource-routes.js';
import { ClientDto } from './client.dto.js';
import { CLIENT_EXAMPLES } from './client.examples.js';
import { ClientService } from './client.service.js';

/** The routes of Client. */
@SystemResourceController('Client')
export class ClientController extends systemResourceRoutes(ClientDto, CLIENT_EXAMPLES) {
  constructor(protected readonly service: ClientService) {
    super();
  }
}
