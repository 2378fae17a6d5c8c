import { Injectable } from '@nestjs/common';
import { Duplicate } from '../../errors/fhir-error.js';
import { bodyOf } from '../../interactions/formats/json.js';
import type { Requester } from '../../interactions/resource-interactions.js';
import { isArray, own, type JsonObject } from '../../policy/json.js';
import type { DirectoryUser } from './directory-user.js';
import type { UserIdentifier } from './user-identifier.js';
import { UserService } from './user.service.js';

/** The server itself writes; whether it may was decided by the IdentityProvider's resource. */
const SERVER: Requester = { family: 'fhir', writer: { isAdministrator: true } };

/** Elements that a User can do without when another one has the value already. */
const DISPENSABLE = ['userName', 'email'] as const;

/** An element that was left out because another User has its value. */
export type LeftOut = (typeof DISPENSABLE)[number];

/** Writes Users that an identity provider speaks of, with versions and notifications like any write. */
@Injectable()
export class UserProvisioning {
  constructor(private readonly users: UserService) {}

  /**
   * Creates a User with a random id, without the userName or email that another User has.
   *
   * @returns what was left out.
   * @throws Duplicate when another User carries the identifier.
   */
  async create(user: JsonObject): Promise<readonly LeftOut[]> {
    const leftOut: LeftOut[] = [];
    for (;;) {
      const body = Object.entries(user).filter(([name]) => !leftOut.some((out) => out === name));
      try {
        await this.users.create(bodyOf(Object.fromEntries(body)), SERVER);
        return leftOut;
      } catch (error) {
        const taken = dispensable(error);
        if (taken === undefined || leftOut.includes(taken)) throw error;
        leftOut.push(taken);
      }
    }
  }

  /**
   * Adds an identifier to a User, as long as it is the version that the caller looked at.
   *
   * @throws VersionConflict when the User was written since, Duplicate when another User carries
   * the identifier, NotFound or Gone when the User is no more.
   */
  async addIdentifier(
    { id, versionId }: Pick<DirectoryUser, 'id' | 'versionId'>,
    identifier: UserIdentifier,
  ): Promise<void> {
    const { text } = await this.users.read(id);
    const user = JSON.parse(text) as JsonObject;
    const given = own(user, 'identifier');
    const identifiers = [...(isArray(given) ? given : []), { ...identifier }];
    const body = bodyOf({ ...user, identifier: identifiers });
    await this.users.update(id, body, SERVER, { ifMatch: `W/"${versionId}"` });
  }
}

function dispensable(error: unknown): LeftOut | undefined {
  if (!(error instanceof Duplicate)) return undefined;
  const [issue] = error.issues;
  return DISPENSABLE.find((element) => issue?.expression === `User.${element}`);
}
