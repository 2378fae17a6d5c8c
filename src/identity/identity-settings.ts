/** What identity needs to know from the configuration. */
export abstract class IdentitySettings {
  /** Whether valid tokens that name nobody yet create a User (BOX_SECURITY_INTROSPECTION_CREATE_USER). */
  abstract readonly createsUsers: boolean;
  /**
   * Age in milliseconds from which attributes of such Users are asked for again (WARDGATE_USER_REFRESH_AGE);
   * `undefined`: never.
   */
  abstract readonly refreshUsersAfterMs: number | undefined;
}
