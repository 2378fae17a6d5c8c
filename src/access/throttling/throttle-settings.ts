/** How many failed attempts are borne, and for how long nothing more is tried after them. */
export abstract class ThrottleSettings {
  /** Failures of one account at one address (BOX_SECURITY_THROTTLE_FAILURES). */
  abstract readonly failures: number;
  /** Failures of all accounts at one address (BOX_SECURITY_THROTTLE_ADDRESS_FAILURES). */
  abstract readonly addressFailures: number;
  /** Failures of one account at all addresses (BOX_SECURITY_THROTTLE_ACCOUNT_FAILURES). */
  abstract readonly accountFailures: number;
  /** Whole seconds; begins with the first failure (BOX_SECURITY_THROTTLE_WINDOW). */
  abstract readonly windowMs: number;
  /** Whole seconds; begins with the last failure that is borne (BOX_SECURITY_THROTTLE_BLOCK). */
  abstract readonly blockMs: number;
  /** Key for the names of accounts and addresses; the same on all instances that share failures. */
  abstract readonly keySecret: string;
}
