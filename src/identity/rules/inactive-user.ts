import type { DirectoryUser } from '../../resources/user/directory-user.js';
import { UserRefused } from '../user-refused.js';

/** @throws UserRefused for a User with `inactive: true`, whatever the token says (spec §3.3). */
export function checkActiveUser({ id, inactive }: DirectoryUser): void {
  if (inactive) throw new UserRefused('inactive-user', id);
}
