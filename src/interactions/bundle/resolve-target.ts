import { BadRequest, NotFound } from '../../errors/fhir-error.js';
import { statedId, type BundleEntry } from './bundle-entry.js';
import { criteriaKey } from './criteria.js';

/** What criteria have picked. */
export interface PickedResource {
  readonly id: string;
  /** Of its version, where that is known. */
  readonly etag: string | undefined;
}

/**
 * The entry as it is once it is known what its criteria have picked (FHIR R4, RESTful API §3.1.0.4.3,
 * §3.1.0.6.1, §3.1.0.7.1): the same change of that resource, or the creation of one.
 *
 * An id that comes with the resource where nothing was found is one for something new: what exists under it
 * did not meet the criteria, and must not be replaced.
 *
 * @returns `undefined` when there is nothing to delete.
 * @throws NotFound 404 when there is nothing to patch, BadRequest 400 when the resource has another id.
 */
export function resolvedEntry(
  entry: BundleEntry,
  match: PickedResource | undefined,
): BundleEntry | undefined {
  const { target, method, address, type } = entry;
  if (!target) return entry;
  const resolved = { ...entry, target: undefined };
  if (match) {
    assertSameId(entry, match.id);
    const own = { ...address, id: match.id, queryString: undefined, query: {} };
    // What has changed meanwhile may no longer meet the criteria.
    const ifMatch = entry.ifMatch ?? match.etag;
    return { ...resolved, address: own, operation: operationOf(method), ifMatch };
  }
  if (method === 'DELETE') return undefined;
  if (method === 'PATCH') {
    throw new NotFound(`No ${type.name} matches ${criteriaKey(target).slice(0, 200)}`);
  }
  const own = { ...address, queryString: undefined, query: {} };
  return { ...resolved, method: 'POST', address: own, operation: 'FhirCreate' };
}

function assertSameId(entry: BundleEntry, id: string): void {
  // The id of a patch that is a resource is the patch's own.
  if (entry.method === 'PATCH') return;
  // Of a create, it is the id that the resource brings.
  const brought = statedId({ ...entry, method: 'POST' });
  if (brought === undefined || brought === id) return;
  throw new BadRequest(
    `The criteria match ${entry.type.name}/${id}, the resource has id ${brought.slice(0, 64)}`,
    'value',
    `${entry.type.name}.id`,
  );
}

function operationOf(method: BundleEntry['method']): string {
  if (method === 'DELETE') return 'FhirDelete';
  return method === 'PATCH' ? 'FhirPatch' : 'FhirUpdate';
}
