/** What storage needs to know from the configuration. */
export abstract class StorageSettings {
  /** URL of the `meta.extension` that carries the creation time (BOX_FHIR_CREATEDAT_URL). */
  abstract readonly createdAtUrl: string;
  /** Key material for secrets at rest (BOX_SECURITY_ENCRYPT_SECRET); `undefined` keeps them in clear. */
  abstract readonly encryptSecret: string | undefined;
  /** Keys that values at rest may still be encrypted with (BOX_SECURITY_ENCRYPT_SECRET_PREVIOUS). */
  abstract readonly previousEncryptSecrets: readonly string[];
}
