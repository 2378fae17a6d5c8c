import type { FhirError } from '../../errors/fhir-error.js';
import { operationOutcome } from '../../errors/operation-outcome.js';
import type { LiveVersion } from '../storage/stored-version.js';
import { etag } from '../http/preconditions.js';

/** What an entry is answered with. */
export interface EntryResponse {
  readonly status: number;
  /** The version that was read or written, which gives `etag` and `lastModified`. */
  readonly version?: LiveVersion;
  /** URL of that version; of a write. */
  readonly location?: string;
  /** JSON text of `Bundle.entry.resource`. */
  readonly resource?: string | undefined;
  /** JSON text of an OperationOutcome. */
  readonly outcome?: string | undefined;
  /** What the writer may not have meant. */
  readonly warnings?: readonly string[];
}

/** The answer for an entry that failed. */
export function failedEntry(error: FhirError): EntryResponse {
  return { status: error.status, outcome: JSON.stringify(operationOutcome(error.issues)) };
}

/** JSON text of the whole answer. Resources are put in as the text they are, never parsed. */
export function responseBundle(
  type: 'batch' | 'transaction',
  responses: readonly EntryResponse[],
): string {
  const entries = responses.map(responseEntry);
  const entry = entries.length === 0 ? '' : `,"entry":[${entries.join(',')}]`;
  return `{"resourceType":"Bundle","type":"${type}-response"${entry}}`;
}

/** JSON text of one entry of the answer. */
export function responseEntry({
  status,
  version,
  location,
  resource,
  outcome,
}: EntryResponse): string {
  const response = JSON.stringify({
    status: String(status),
    ...(location === undefined ? {} : { location }),
    ...(version === undefined
      ? {}
      : { etag: etag(version), lastModified: version.lastUpdated.toISOString() }),
  });
  const withOutcome =
    outcome === undefined ? response : `${response.slice(0, -1)},"outcome":${outcome}}`;
  return `{${resource === undefined ? '' : `"resource":${resource},`}"response":${withOutcome}}`;
}
