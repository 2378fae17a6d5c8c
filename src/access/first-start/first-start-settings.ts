/** Who administers a database that was empty (spec §5). */
export abstract class FirstStartSettings {
  abstract readonly rootClientId: string;
  /** `undefined`: a random one is made. */
  abstract readonly rootClientSecret?: string;
  abstract readonly adminId: string;
  /** `undefined`: a random one is made. */
  abstract readonly adminPassword?: string;
  /** Folder in which secrets that were made are kept. */
  abstract readonly dataDir: string;
}
