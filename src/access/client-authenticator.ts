import { Injectable } from '@nestjs/common';
import { clientCaller, type Caller } from '../identity/caller.js';
import { ClientRegistry } from '../resources/client/client-registry.js';
import { InvalidClient } from './access-errors.js';
import { FailedAttempts } from './throttling/failed-attempts.js';

/** Authenticates Clients by their secret, and slows down those who guess it. */
@Injectable()
export class ClientAuthenticator {
  constructor(
    private readonly clients: ClientRegistry,
    private readonly attempts: FailedAttempts,
  ) {}

  /**
   * @param address from where the secret was sent, as policies see it
   * @throws InvalidClient 401 when it is wrong, TooManyAttempts 429 when too many were.
   */
  async authenticate(id: string, secret: string, address: string): Promise<Caller> {
    const isKnownAccount = this.clients.get(id) !== undefined;
    const attempt = { account: `Client/${id}`, address, isKnownAccount };
    this.attempts.assertOpen(attempt);
    const client = this.clients.verifySecret(id, secret);
    if (client === undefined) {
      await this.attempts.failed(attempt);
      throw new InvalidClient();
    }
    this.attempts.succeeded(attempt);
    return clientCaller(client);
  }
}
