import { LARGEST_RESOURCE_BYTES } from '../upstream/largest-resource.js';
import { UpstreamFailed } from '../upstream/upstream-errors.js';

const LARGEST = `${LARGEST_RESOURCE_BYTES / 1_048_576} MiB`;

/** Another resource than was asked for. */
export function anotherResource(): UpstreamFailed {
  return new UpstreamFailed(
    'The FHIR server behind this one answered with another resource than it was asked for',
  );
}

/** No Bundle of the kind that answers such a request. */
export function anotherBundle(kind: string): UpstreamFailed {
  return new UpstreamFailed(
    `The FHIR server behind this one answered with something else than a Bundle of type ${kind}`,
  );
}

/** An entry that is none of those that were asked for. */
export function anotherEntry(): UpstreamFailed {
  return new UpstreamFailed(
    'The FHIR server behind this one answered with an entry that was not asked for',
  );
}

/** A resource whose type comes later than the largest one would end. */
export function typeTooLate(): UpstreamFailed {
  return new UpstreamFailed(
    `The FHIR server behind this one names the type of a resource after more than ${LARGEST} of it`,
  );
}

/**
 * A search that was carried out without some of its criteria.
 *
 * @param names of the parameters
 */
export function criteriaUnused(names: readonly string[]): UpstreamFailed {
  return new UpstreamFailed(
    `The FHIR server behind this one did not search by ${names.join(', ')}: its answer would hold more than was asked for`,
  );
}

/** A search of which nobody knows how it was carried out, at least not in time. */
export function criteriaUnknown(): UpstreamFailed {
  return new UpstreamFailed(
    `The FHIR server behind this one does not say by what it searched, or after more than ${LARGEST}, for which a lower _count may help; WARDGATE_UPSTREAM_SELF_LINK says whether it has to`,
  );
}
