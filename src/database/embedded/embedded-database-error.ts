/**
 * The embedded database cannot be used here. The message says why and what to do; it is meant for the
 * operator's terminal and holds no secret.
 */
export class EmbeddedDatabaseError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** Another running process holds the data folder. */
export class DataFolderInUse extends EmbeddedDatabaseError {}
