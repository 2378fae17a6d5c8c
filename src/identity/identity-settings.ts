/** What identity needs to know from the configuration. */
export abstract class IdentitySettings {
  /** Whether valid tokens that name nobody yet create a User (BOX_SECURITY_INTROSPECTION_CREATE_USER). */
  abstract readonly createsUsers: boolean;
}
