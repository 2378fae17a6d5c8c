import type { Issue } from '../errors/fhir-error.js';
import type { ParsedBody } from './formats/json.js';
import type { PathPatch } from './patch/apply-patch.js';
import type { Secrets } from './storage/resource-store.js';
import type { LiveVersion, StoredVersion } from './storage/stored-version.js';
import type { Transaction } from './storage/transaction.js';

/**
 * Spelling of references on a route: `/fhir/X` speaks FHIR (`{reference}`), `/X` the model that system
 * resources come from (`{resourceType, id}`).
 */
export type RouteFamily = 'fhir' | 'plain';

/** Who writes, as far as rules of a resource may depend on it. */
export interface Writer {
  /** An `engine: allow` policy without `roleName` is linked to the User or Client (spec §7). */
  readonly isAdministrator: boolean;
  /** The server makes what it starts with, while no profile can be stored. */
  readonly isFirstStart?: boolean;
}

/** What a rule may look at when a body is offered. */
export interface WriteContext {
  readonly transaction: Transaction;
  readonly writer: Writer;
  readonly id: string;
  /** The version that is replaced; `undefined` or a tombstone when the resource is created. */
  readonly previous: StoredVersion | undefined;
  readonly previousSecrets: Secrets;
}

/** What is to be deleted, and by whom. */
export interface Removal {
  readonly writer: Writer;
  readonly previous: LiveVersion;
}

/** A body that may be stored. */
export interface AcceptedResource {
  /** JSON text in the form in which it is stored, secrets masked. */
  readonly text: string;
  readonly secrets: Secrets;
  /** Plain words for the caller's `Warning` headers. */
  readonly warnings: readonly string[];
  /** What was found and is no reason to refuse it, for whoever asks for an OperationOutcome. */
  readonly issues?: readonly Issue[];
}

/** What one resource type adds to the interactions that all types share. */
export interface ResourceRules {
  /** FHIR wants a PUT whose body names another id refused; on system resources the URL's id wins. */
  readonly bodyIdMustMatch: boolean;
  /**
   * Does beforehand what takes long and needs no database, so that no transaction is open meanwhile. What
   * {@link accept} will refuse stays as it is, and what was prepared stays so when it is prepared again.
   *
   * @param body a resource, or a patch of one
   */
  prepare?(body: ParsedBody): Promise<ParsedBody>;
  /** @throws FhirError 422 with one issue per problem when the body may not be stored. */
  accept(body: ParsedBody, context: WriteContext): Promise<AcceptedResource>;
  /** Applies FHIRPath Patches; absent where resources have no definitions by which paths could be followed. */
  readonly patchByPath?: PathPatch;
  /** Runs in the writing transaction, for rows that hang on the resource. */
  afterWrite?(version: LiveVersion, transaction: Transaction): Promise<void>;
  /** @throws FhirError when the resource may not be deleted now. */
  checkRemoval?(id: string, transaction: Transaction, removal: Removal): Promise<void>;
  /** How a stored text is shown on a route. `secrets` is given only where they may be shown. */
  present(text: string, family: RouteFamily, secrets?: Secrets): string;
  /** Whether current versions are shown with their secrets (BOX_SECURITY_MASK_SECRETS=false). */
  readonly showsSecrets: boolean;
}
