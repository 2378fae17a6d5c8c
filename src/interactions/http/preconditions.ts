import { BadRequest, VersionConflict } from '../../errors/fhir-error.js';
import { isLive, type StoredVersion } from '../storage/stored-version.js';

/** `If-Match` and `If-None-Match` of one request (RFC 9110 §13.1). */
export interface Preconditions {
  readonly ifMatch?: string | undefined;
  readonly ifNoneMatch?: string | undefined;
}

/** The ETag of a version (FHIR R4, Managing Resource Contention). */
export function etag(version: StoredVersion): string {
  return `W/"${version.versionId}"`;
}

/**
 * Checks the preconditions of a write against the current version.
 *
 * @throws VersionConflict 412 when they do not hold, also for a resource that does not exist.
 */
export function checkWritePreconditions(
  preconditions: Preconditions,
  current: StoredVersion | undefined,
): void {
  checkPreconditionsOf(preconditions, versionIdOf(current));
}

/**
 * As {@link checkWritePreconditions}, by the current version's id.
 *
 * @param versionId `undefined` for a resource that does not exist
 */
export function checkPreconditionsOf(
  { ifMatch, ifNoneMatch }: Preconditions,
  versionId: string | undefined,
): void {
  if (ifMatch !== undefined && !matches(ifMatch, versionId)) {
    throw new VersionConflict(
      versionId === undefined
        ? 'If-Match was sent but the resource does not exist'
        : `If-Match does not name the current version, which is ${versionId}`,
    );
  }
  if (ifNoneMatch !== undefined && matches(ifNoneMatch, versionId)) {
    throw new VersionConflict('If-None-Match names the current version');
  }
}

function versionIdOf(version: StoredVersion | undefined): string | undefined {
  return isLive(version) ? String(version.versionId) : undefined;
}

/** `If-None-Match` and `If-Modified-Since` of one read (RFC 9110 §13.1). */
export interface ReadPreconditions {
  readonly ifNoneMatch?: string | undefined;
  readonly ifModifiedSince?: string | undefined;
}

/**
 * Whether a read is answered 304 because the caller holds this very version, or what was there at a date. The
 * date counts only without tags, and not at all where it is none (RFC 9110 §13.1.3).
 */
export function isNotModified(
  { ifNoneMatch, ifModifiedSince }: ReadPreconditions,
  version: StoredVersion,
): boolean {
  if (ifNoneMatch !== undefined) return matches(ifNoneMatch, versionIdOf(version));
  const date = HTTP_DATE.test(ifModifiedSince ?? '')
    ? Date.parse(ifModifiedSince ?? '')
    : Number.NaN;
  return secondsOf(version.lastUpdated.getTime()) <= secondsOf(date);
}

/** The form that `Last-Modified` has; the two obsolete ones are no dates here (RFC 9110 §5.6.7). */
const HTTP_DATE = /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/;

/** Dates in headers have no fractions of seconds. */
function secondsOf(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}

function matches(header: string, versionId: string | undefined): boolean {
  const tags = header.split(',').map((tag) => tag.trim());
  if (tags.includes('*')) return versionId !== undefined;
  const versions = tags.map(versionOf);
  return versionId !== undefined && versions.includes(versionId);
}

/**
 * `W/"3"`, `"3"`, and the bare `3` that clients of this resource model send. A tag that this server
 * never made is well-formed all the same, and names no version (RFC 9110 §8.8.3).
 */
function versionOf(tag: string): string {
  const [, quoted, bare] = /^(?:W\/)?"([!\x23-\x7e]*)"$|^(\d{1,15})$/.exec(tag) ?? [];
  const version = quoted ?? bare;
  if (version === undefined) {
    throw new BadRequest('If-Match and If-None-Match take version ids such as W/"3"');
  }
  return version;
}
