/** Something besides the database that requests need; looked at when an instance is asked whether it is ready. */
export abstract class ReadinessCheck {
  /** @throws FhirError of 500 or more where requests cannot be served now */
  abstract confirm(): Promise<void>;
}
