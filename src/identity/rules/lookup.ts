import type { JsonObject } from '../../policy/json.js';
import type { DirectoryUser } from '../../resources/user/directory-user.js';

/** A token that an introspector vouches for, as far as finding its User is concerned. */
export interface Subject {
  readonly claims: JsonObject;
  /** System of the introspector's IdentityProvider. */
  readonly system: string | undefined;
}

/** Where the rules look Users up. */
export interface Users {
  byId(id: string): Promise<DirectoryUser | undefined>;
  byIdentifier(system: string, value: string): Promise<DirectoryUser | undefined>;
}

/** What one rule of resolution finds out. */
export type Lookup =
  /** The rule has nothing to go by, or nobody fits; the next one is asked. */
  | { readonly outcome: 'pass' }
  /** The token names somebody who does not exist; no other rule is asked. */
  | { readonly outcome: 'nobody' }
  | { readonly outcome: 'found'; readonly user: DirectoryUser };

/** The next rule is asked. */
export const PASS: Lookup = { outcome: 'pass' };

/** The User if there is one, else the next rule. */
export function foundOrPass(user: DirectoryUser | undefined): Lookup {
  return user ? { outcome: 'found', user } : PASS;
}
