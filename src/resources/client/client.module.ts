import { Module } from '@nestjs/common';
import { SystemResourceModule } from '../definition/system-resource.module.js';
import { ClientRegistry } from './client-registry.js';
import { ClientController } from './client.controller.js';
import { ClientService } from './client.service.js';

/** Client: management over REST, and the Clients that requests are decided with. */
@Module({
  imports: [SystemResourceModule],
  controllers: [ClientController],
  providers: [ClientService, ClientRegistry],
  exports: [ClientService, ClientRegistry],
})
export class ClientModule {}
