import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { Duplicate, VersionConflict } from '../../errors/fhir-error.js';
import { bodyOf } from '../../interactions/formats/json.js';
import type { Requester } from '../../interactions/resource-interactions.js';
import { UnitOfWork } from '../../interactions/storage/unit-of-work.js';
import { isArray, own, type JsonObject } from '../../policy/json.js';
import type { DirectoryUser } from './directory-user.js';
import { exactChange } from './exact-change.js';
import { ProvisionedUsers, type Provisioned, type RefreshClaim } from './provisioned-users.js';
import type { UserIdentifier } from './user-identifier.js';
import { UserService } from './user.service.js';

/** The server itself writes; whether it may was decided by the IdentityProvider's resource. */
const SERVER: Requester = { family: 'fhir', writer: { isAdministrator: true } };

/** Elements that a User can do without when another one has the value already. */
const DISPENSABLE = ['userName', 'email'] as const;
/** Beyond, somebody writes the User all the time; the next refresh will do. */
const MAX_ATTEMPTS = 3;

/** An element that was left out because another User has its value. */
export type LeftOut = (typeof DISPENSABLE)[number];

/** Writes Users that an identity provider speaks of, with versions and notifications like any write. */
@Injectable()
export class UserProvisioning {
  constructor(
    private readonly users: UserService,
    private readonly provisioned: ProvisionedUsers,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /**
   * Creates a User with a random id, without the userName or email that another User has.
   *
   * @returns what was left out.
   * @throws Duplicate when another User carries the identifier.
   */
  async create(user: JsonObject, given: Provisioned): Promise<readonly LeftOut[]> {
    const leftOut: LeftOut[] = [];
    for (;;) {
      const body = Object.entries(user).filter(([name]) => !leftOut.some((out) => out === name));
      try {
        await this.unitOfWork.run(async (transaction) => {
          const created = bodyOf(Object.fromEntries(body));
          const { version } = await this.users.createIn(transaction, created, SERVER);
          await this.provisioned.note(transaction, version.id, given);
        });
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
    const listed = own(user, 'identifier');
    const identifiers = [...(isArray(listed) ? listed : []), { ...identifier }];
    const body = exactChange(text, { ...user, identifier: identifiers });
    await this.users.update(id, body, SERVER, { ifMatch: `W/"${versionId}"` });
  }

  /**
   * Changes a User, whoever writes it meanwhile, and notes what was given. A userName or email that another
   * User has stays as it was; nothing is written where nothing changes.
   *
   * @param change from the User as it is to the User as it is to be; asked again after a conflict
   * @returns whether a version was written; none is once somebody else has claimed the refresh.
   * @throws VersionConflict when others write it all the time, NotFound or Gone when it is no more,
   * InvalidResource when it would not be acceptable.
   */
  async refresh(
    id: string,
    change: (user: JsonObject) => JsonObject,
    given: Provisioned,
    claim: RefreshClaim,
  ): Promise<boolean> {
    const kept: LeftOut[] = [];
    for (let attempt = 1; ; attempt += 1) {
      const { text, versionId } = await this.users.read(id);
      const user = JSON.parse(text) as JsonObject;
      const wanted = keeping(kept, user, change(user));
      const isChanged = !isDeepStrictEqual(user, wanted);
      try {
        await this.unitOfWork.run(async (transaction) => {
          const ifMatch = `W/"${versionId}"`;
          const users = this.users.within(transaction);
          if (isChanged) await users.update(id, exactChange(text, wanted), SERVER, { ifMatch });
          // After the User, as a deletion locks them; what was written is undone.
          const isCurrent = await this.provisioned.renew(transaction, id, claim, given);
          if (!isCurrent) throw new Overtaken();
        });
        return isChanged;
      } catch (error) {
        if (error instanceof Overtaken) return false;
        const taken = dispensable(error);
        if (taken !== undefined && !kept.includes(taken)) kept.push(taken);
        else if (!(error instanceof VersionConflict) || attempt >= MAX_ATTEMPTS) throw error;
      }
    }
  }
}

/** Somebody has asked the provider again meanwhile, and knows better. */
class Overtaken extends Error {}

/** The wanted User with the elements of the one that there is where another User has the value. */
function keeping(kept: readonly LeftOut[], user: JsonObject, wanted: JsonObject): JsonObject {
  const rest = Object.entries(wanted).filter(([name]) => !kept.some((element) => element === name));
  const asTheyAre = kept.flatMap((name) => {
    const value = own(user, name);
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries([...rest, ...asTheyAre]);
}

function dispensable(error: unknown): LeftOut | undefined {
  if (!(error instanceof Duplicate)) return undefined;
  const [issue] = error.issues;
  return DISPENSABLE.find((element) => issue?.expression === `User.${element}`);
}
