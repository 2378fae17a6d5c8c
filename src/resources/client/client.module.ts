import { Module } from '@nestjs/common';
import { SystemResourceModule } from '../definition/system-resource.module.js';
import { ClientRegistry } from './client-registry.js';
import { ClientController } from './client.controller.js';
import { ClientService } from './client.service.js';
import { FirstStartClients } from './first-start-clients.js';

/** Client: management over REST, and the Clients that requests are decided with. */
@Module({
  imports: [SystemResourceModule],
  controllers: [ClientController],
  providers: [ClientService, ClientRegistry, FirstStartClients],
  exports: [ClientService, ClientRegistry, FirstStartClients],
})
export class ClientModule {}
