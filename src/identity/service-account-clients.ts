import { Injectable } from '@nestjs/common';
import type { ActiveIntrospection } from '../introspection/introspection.js';
import { IntrospectorSource } from '../introspection/introspector-source.js';
import { ClientRegistry, type RegisteredClient } from '../resources/client/client-registry.js';
import { FirstStartClients } from '../resources/client/first-start-clients.js';
import { stringAt } from '../resources/token-introspector/json-members.js';
import type { ServiceAccount } from './service-account.js';
import { ClientRefused } from './client-refused.js';

/** Finds the Client that a service account of an identity provider stands for. */
@Injectable()
export class ServiceAccountClients {
  constructor(
    private readonly clients: ClientRegistry,
    private readonly firstStart: FirstStartClients,
    private readonly introspectors: IntrospectorSource,
  ) {}

  /**
   * The Client with the id of the service account, if its `allowedIssuers` names the issuer of the token.
   *
   * @returns `undefined` when there is none, or none that allows the issuer: the names of two worlds
   * may coincide.
   * @throws ClientRefused 401 for one that is inactive or was made at first start.
   */
  async clientOf(
    introspection: ActiveIntrospection,
    { clientId }: ServiceAccount,
  ): Promise<RegisteredClient | undefined> {
    const iss = this.verifiedIssuer(introspection);
    const client = this.clients.get(clientId);
    if (iss === undefined || !client?.allowedIssuers.includes(iss)) return undefined;
    if (!client.active) throw new ClientRefused('inactive-client', clientId);
    if (await this.firstStart.has(clientId))
      throw new ClientRefused('first-start-client', clientId);
    return client;
  }

  /**
   * The issuer as far as it was verified: an introspection endpoint may answer any, unless its
   * introspector says which.
   */
  private verifiedIssuer({ type, claims, introspector }: ActiveIntrospection): string | undefined {
    const iss = stringAt(claims, 'iss');
    if (type === 'jwt') return iss;
    const asked = this.introspectors.all().find(({ id }) => id === introspector.id);
    return asked?.iss === iss ? iss : undefined;
  }
}
