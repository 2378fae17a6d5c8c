import { stringAt } from '../../resources/token-introspector/json-members.js';
import { carriesSystem, type DirectoryUser } from '../../resources/user/directory-user.js';
import { foundOrPass, PASS, type Lookup, type Subject, type Users } from './lookup.js';

/** `sub` is the id of the User, unless that User carries identifiers of other systems only (spec §3.1). */
export async function bySubjectId({ claims, system }: Subject, users: Users): Promise<Lookup> {
  const sub = stringAt(claims, 'sub');
  const user = sub ? await users.byId(sub) : undefined;
  return user && belongsToOthers(user, system) ? PASS : foundOrPass(user);
}

function belongsToOthers(user: DirectoryUser, system: string | undefined): boolean {
  if (user.identifiers.length === 0) return false;
  return system === undefined || !carriesSystem(user, system);
}
