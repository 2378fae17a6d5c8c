import type {
  IntrospectorIdentity,
  UserResolution,
} from '../resources/token-introspector/token-introspector.js';
import { byBoxUser } from './rules/box-user.js';
import { byIdentifier } from './rules/identifier.js';
import { checkActiveUser } from './rules/inactive-user.js';
import { PASS, type Lookup, type Subject, type Users } from './rules/lookup.js';
import { checkProtectedUser, type AllowLinks } from './rules/protected-user.js';
import { bySubjectId } from './rules/subject-id.js';

const RULES: Readonly<Record<UserResolution, (subject: Subject, users: Users) => Promise<Lookup>>> =
  { box_user: byBoxUser, identifier: byIdentifier, sub: bySubjectId };

/**
 * Asks the rules in the introspector's order for the User of a token (spec §3.1–3).
 *
 * @returns `pass` when no User fits, `nobody` when none may be sought any further.
 * @throws UserRefused 401 for a User that the token must not reach, or an inactive one.
 */
export async function findUser(
  subject: Subject,
  introspector: IntrospectorIdentity,
  users: Users,
  policies: AllowLinks,
): Promise<Lookup> {
  for (const resolution of introspector.userResolution) {
    const lookup = await RULES[resolution](subject, users);
    if (lookup.outcome === 'pass') continue;
    if (lookup.outcome === 'nobody') return lookup;
    if (resolution !== 'identifier') {
      checkProtectedUser(lookup.user, introspector, subject.system, policies);
    }
    checkActiveUser(lookup.user);
    return lookup;
  }
  return PASS;
}
