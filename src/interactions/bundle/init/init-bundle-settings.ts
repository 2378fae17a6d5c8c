/** What the Bundle of the start needs to know from the configuration. */
export abstract class InitBundleSettings {
  /** `https://` or `file://` URL, or path, of a Bundle (BOX_INIT_BUNDLE); `undefined` for none. */
  abstract readonly location: string | undefined;
  /** Whether clinical resources are in the built-in store, and not in a FHIR server behind this one. */
  abstract readonly hasClinicalResources: boolean;
}
