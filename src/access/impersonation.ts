import { Injectable, Logger } from '@nestjs/common';
import { BadRequest, NotFound } from '../errors/fhir-error.js';
import { clientCaller, type Caller } from '../identity/caller.js';
import { ClientRegistry } from '../resources/client/client-registry.js';
import { UserDirectory } from '../resources/user/user-directory.js';
import { AuthenticationRequired, ImpersonationRefused } from './access-errors.js';
import { AccessSettings } from './access-settings.js';
import { Authorizer } from './authorizer.js';
import { callerName } from './caller-name.js';
import type { WishToActAs } from './impersonation-header.js';

const TARGET = /^(?:(User|Client)\/)?([A-Za-z0-9\-.]{1,64})$/;

/**
 * Lets administrators act as another User or Client, so that they see what that one may do (spec §8).
 * Nothing of the administrator is left in the caller that it yields.
 */
@Injectable()
export class Impersonation {
  private readonly logger = new Logger(Impersonation.name);

  constructor(
    private readonly settings: AccessSettings,
    private readonly authorizer: Authorizer,
    private readonly users: UserDirectory,
    private readonly clients: ClientRegistry,
  ) {}

  /**
   * The caller as whom the request is decided and handled.
   *
   * @param wish the `su` header; without it, or where the setting does not allow it, the caller stays
   * @throws FhirError 401 for nobody, 403 for who is no administrator and for an inactive target, 404
   * for an unknown one, 400 for what cannot be an id.
   */
  async callerFor(caller: Caller, wish: WishToActAs | undefined): Promise<Caller> {
    if (wish === undefined || !this.settings.allowsImpersonation) return caller;
    if (caller.kind === 'anonymous') throw new AuthenticationRequired();
    if (!this.authorizer.isAdministrator(caller)) {
      throw new ImpersonationRefused('only an administrator may act as another');
    }
    const target = await this.target(wish.whom);
    this.logger.warn({
      message: 'An administrator acts as another',
      requestId: wish.requestId,
      administrator: callerName(caller),
      actsAs: callerName(target),
    });
    return target;
  }

  private async target(whom: string): Promise<Caller> {
    const [, type, id] = TARGET.exec(whom.trim()) ?? [];
    if (id === undefined) throw new BadRequest('su takes one id, or User/{id} or Client/{id}');
    const user = type === 'Client' ? undefined : await this.user(id);
    const client = type === 'User' ? undefined : this.client(id);
    if (user && client) {
      throw new BadRequest(`su: there are User/${id} and Client/${id}; name the type with the id`);
    }
    const target = user ?? client;
    if (target) return target;
    throw new NotFound(`su: there is no ${type ?? 'User or Client'} with the id ${id}`);
  }

  private async user(id: string): Promise<Caller | undefined> {
    const found = await this.users.byId(id);
    if (!found) return undefined;
    if (found.inactive) throw new ImpersonationRefused(`User/${id} is inactive`);
    return Object.freeze({ kind: 'token', user: found.user, roles: found.roles });
  }

  private client(id: string): Caller | undefined {
    const found = this.clients.get(id);
    if (!found) return undefined;
    if (!found.active) throw new ImpersonationRefused(`Client/${id} is inactive`);
    return clientCaller(found);
  }
}
