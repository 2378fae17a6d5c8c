import { Injectable } from '@nestjs/common';
import { own, type Json, type JsonObject } from '../../policy/json.js';
import { ClientRegistry } from '../../resources/client/client-registry.js';
import { UserDirectory } from '../../resources/user/user-directory.js';
import { invalidInput } from './invalid-input.js';
import { text } from './trial-request.js';

/** Who a request that is only thought of comes from: `user-id` and `client-id` looked up. */
@Injectable()
export class TrialSubjects {
  constructor(
    private readonly users: UserDirectory,
    private readonly clients: ClientRegistry,
  ) {}

  /**
   * User, roles and Client as policies would see them; what the request brings itself wins.
   *
   * @throws InvalidResource 422 for an unknown id, and for an inactive one, which no request can have.
   */
  async of(request: JsonObject): Promise<Readonly<Record<string, Json>>> {
    const user = await this.user(text(request, 'user-id'));
    const client = this.client(text(request, 'client-id'));
    return { ...user, ...client, ...sessionOf(own(request, 'role') ?? user['role']) };
  }

  private async user(id: string | undefined): Promise<Readonly<Record<string, Json>>> {
    if (id === undefined) return {};
    const found = await this.users.byId(id);
    if (!found) throw invalidInput('request.user-id', 'there is no such User');
    if (found.inactive) throw invalidInput('request.user-id', 'the User is inactive');
    return { user: found.user, role: found.roles };
  }

  private client(id: string | undefined): Readonly<Record<string, Json>> {
    if (id === undefined) return {};
    const found = this.clients.get(id);
    if (!found) throw invalidInput('request.client-id', 'there is no such Client');
    if (!found.active) throw invalidInput('request.client-id', 'the Client is inactive');
    return { client: found.client };
  }
}

/** Roles as policies see them besides, in the session. */
export function sessionOf(role: Json | undefined): Readonly<Record<string, Json>> {
  return role === undefined ? {} : { session: { role } };
}
