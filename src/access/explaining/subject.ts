import type { JsonObject } from '../../policy/json.js';
import type { RegisteredClient } from '../../resources/client/client-registry.js';
import type { DirectoryUser } from '../../resources/user/directory-user.js';
import type { PolicyView } from '../../resources/policy-view.js';

/** Somebody who could ask, as policies would see them. */
export interface Subject {
  /** `User/{id}`, `Client/{id}` or `anonymous`. */
  readonly name: string;
  readonly user?: PolicyView;
  readonly client?: PolicyView;
  /** The members of the request object that they bring. */
  readonly members: JsonObject;
}

/** Nobody in particular. */
export const ANYBODY: Subject = Object.freeze({ name: 'anonymous', members: {} });

/** A User with the stored Roles. */
export function userSubject({ id, user, roles }: DirectoryUser): Subject {
  const members = roles.length === 0 ? { user } : { user, role: roles, session: { role: roles } };
  return { name: `User/${id}`, user, members };
}

/** A Client that authenticates as itself. */
export function clientSubject({ id, client }: RegisteredClient): Subject {
  return { name: `Client/${id}`, client, members: { client } };
}
