import type { Issue } from '../../errors/fhir-error.js';
import type { WriteContext } from '../../interactions/resource-rules.js';
import type { SearchParameters } from '../../interactions/search/parse-search.js';
import type { LiveVersion } from '../../interactions/storage/stored-version.js';
import type { Transaction } from '../../interactions/storage/transaction.js';
import type { JsonObject } from '../../policy/json.js';
import type { SecretField } from '../secrets/secret-field.js';
import type { DtoClass } from '../validate-dto.js';
import type { Uniqueness } from './unique-violation.js';

/** What a check beyond the DTO finds. */
export interface Findings {
  readonly issues: readonly Issue[];
  readonly warnings: readonly string[];
}

/** Everything that one type of system resource adds to the mechanism that all share. */
export interface SystemResourceDefinition {
  readonly type: string;
  readonly dto: DtoClass;
  /** Element paths of references, as in `links.patient` or `link[]`. */
  readonly references: readonly string[];
  readonly secrets: readonly SecretField[];
  /** Search parameters beyond `_id`, `_lastUpdated` and `identifier`. */
  readonly searchParameters: SearchParameters;
  /** Constraints of the database that a write may violate through no fault of the server. */
  readonly uniqueness?: Uniqueness;
  /** Rules between elements; `resource` is in the FHIR form with its secrets in place. */
  check?(resource: JsonObject, context: WriteContext): Promise<Findings> | Findings;
  /** @throws FhirError when the resource may not be deleted now. */
  checkRemoval?(id: string, transaction: Transaction): Promise<void>;
  /** Rows that hang on the resource, in the writing transaction. */
  afterWrite?(version: LiveVersion, transaction: Transaction): Promise<void>;
}
