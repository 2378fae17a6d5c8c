import { Injectable } from '@nestjs/common';
import { FhirError } from '../../errors/fhir-error.js';
import type { Caller } from '../../identity/caller.js';
import { ClientRegistry } from '../../resources/client/client-registry.js';
import type { DirectoryUser } from '../../resources/user/directory-user.js';
import { UserDirectory } from '../../resources/user/user-directory.js';
import type { Entity } from './evaluation.js';

/** Who an evaluation is about, as policies see a caller. */
export type EvaluatedSubject = Pick<Caller, 'user' | 'roles' | 'client'>;

/** For a subject that is nobody who is stored here. */
export const NOBODY_KNOWN: EvaluatedSubject = { roles: [] };

/** Why an evaluation about an unknown or inactive User or Client was denied; told to administrators only. */
export class SubjectUnresolved extends FhirError {
  readonly status = 403;

  constructor() {
    super([{ code: 'forbidden', diagnostics: 'The User or Client is unknown or inactive' }]);
  }
}

/** Finds the Users and Clients that evaluations name. */
@Injectable()
export class EvaluatedSubjects {
  constructor(
    private readonly users: UserDirectory,
    private readonly clients: ClientRegistry,
  ) {}

  /**
   * The User (by id, or by `system|value` of an identifier) or the Client. A subject of another type is
   * nobody who is stored here; policies see what the evaluation says of it.
   *
   * @returns `undefined` for a User or Client that is unknown or inactive: no request of theirs could
   * be allowed.
   */
  async of(subject: Entity): Promise<EvaluatedSubject | undefined> {
    switch (subject.type) {
      case 'user':
      case 'User':
        return this.user(subject.id);
      case 'client':
      case 'Client':
        return this.client(subject.id);
      default:
        return NOBODY_KNOWN;
    }
  }

  private async user(id: string): Promise<EvaluatedSubject | undefined> {
    const found = await this.found(id);
    return found && !found.inactive ? { user: found.user, roles: found.roles } : undefined;
  }

  private found(id: string): Promise<DirectoryUser | undefined> {
    // No id of a resource has this character.
    const bar = id.lastIndexOf('|');
    if (bar < 0) return this.users.byId(id);
    return this.users.byIdentifier(id.slice(0, bar), id.slice(bar + 1));
  }

  private client(id: string): EvaluatedSubject | undefined {
    const found = this.clients.get(id);
    return found?.active ? { roles: [], client: found.client } : undefined;
  }
}
