/** Which resources may use an external secret; what is absent does not narrow. */
export interface SecretScope {
  readonly resourceType: string;
  readonly id?: string;
  /** The secret is sent to these URLs, and what lies below them, only. */
  readonly urls?: readonly string[];
}

/** A secret that lies in a file. */
export interface ExternalSecretSource {
  readonly name: string;
  /** Absolute path of the file. */
  readonly path: string;
  /** Most bytes that the file may have; 64 KiB without. */
  readonly maxBytes?: number;
  /** One of them must admit a use. */
  readonly scopes: readonly SecretScope[];
}

/** Which external secrets there are (BOX_VAULT_CONFIG). */
export abstract class ExternalSecretSettings {
  abstract readonly secrets: readonly ExternalSecretSource[];
}
