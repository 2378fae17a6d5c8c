import { own, ownString, type JsonObject } from '../../policy/json.js';
import { policyView, type PolicyView } from '../policy-view.js';
import { ROLE_REFERENCES } from '../role/role.definition.js';
import { identifiersOf, type UserIdentifier } from './user-identifier.js';
import { USER_REFERENCES } from './user.definition.js';

/** A User with its Roles, as requests are decided with it. Frozen; no password, no TOTP key. */
export interface DirectoryUser {
  readonly id: string;
  readonly versionId: string;
  /** As policies see it. */
  readonly user: PolicyView;
  /** All Roles whose `user` refers to the User, as policies see them, in order of id. */
  readonly roles: readonly PolicyView[];
  readonly inactive: boolean;
  readonly hasPassword: boolean;
  /** Whether it was made at the first start. */
  readonly isFirstStart: boolean;
  readonly identifiers: readonly UserIdentifier[];
}

/** A row of the query by which a User is loaded. */
export interface DirectoryRow {
  readonly resource: JsonObject;
  readonly roles: readonly JsonObject[];
  readonly is_first_start: boolean;
}

/** Reads a stored User and its stored Roles. */
export function directoryUser({ resource, roles, is_first_start }: DirectoryRow): DirectoryUser {
  return Object.freeze({
    id: ownString(resource, 'id') ?? '',
    versionId: ownString(own(resource, 'meta'), 'versionId') ?? '',
    user: policyView(resource, { references: USER_REFERENCES, hidden: ['password', 'twoFactor'] }),
    roles: Object.freeze(
      roles.map((role) => policyView(role, { references: ROLE_REFERENCES, hidden: [] })),
    ),
    inactive: own(resource, 'inactive') === true,
    // The stored resource shows that there is a password by its masked form.
    hasPassword: own(resource, '_password') !== undefined,
    isFirstStart: is_first_start,
    identifiers: Object.freeze(identifiersOf(resource)),
  });
}

/** Whether the User carries an identifier of a system, by any value. */
export function carriesSystem({ identifiers }: DirectoryUser, system: string): boolean {
  return identifiers.some((identifier) => identifier.system === system);
}
