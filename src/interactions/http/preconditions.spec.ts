import { BadRequest, VersionConflict } from '../../errors/fhir-error.js';
import type { StoredVersion } from '../storage/stored-version.js';
import { checkWritePreconditions, etag, isNotModified } from './preconditions.js';

const version = (versionId: number): StoredVersion => ({
  type: 'Patient',
  id: 'p1',
  versionId,
  createdAt: new Date(0),
  lastUpdated: new Date(0),
  method: 'PUT',
  text: '{}',
});
const tombstone: StoredVersion = { ...version(4), method: 'DELETE', text: undefined };

describe('checkWritePreconditions', () => {
  it.each(['W/"3"', '"3"', '3', 'W/"1", W/"3"', '*'])(
    'lets If-Match %s pass on version 3',
    (ifMatch) => {
      expect(() => checkWritePreconditions({ ifMatch }, version(3))).not.toThrow();
    },
  );

  it.each(['W/"2"', '2', 'W/"30"', 'W/"03"', 'W/"a"', '"another-server"'])(
    'refuses If-Match %s on version 3',
    (ifMatch) => {
      expect(() => checkWritePreconditions({ ifMatch }, version(3))).toThrow(VersionConflict);
    },
  );

  it.each([
    ['that never existed', undefined],
    ['that was deleted', tombstone],
  ])('refuses If-Match on a resource %s', (_name, current) => {
    expect(() => checkWritePreconditions({ ifMatch: '*' }, current)).toThrow(VersionConflict);
  });

  it('lets If-None-Match * create, and refuses it where the resource exists', () => {
    expect(() => checkWritePreconditions({ ifNoneMatch: '*' }, undefined)).not.toThrow();
    expect(() => checkWritePreconditions({ ifNoneMatch: '*' }, version(1))).toThrow(
      VersionConflict,
    );
  });

  it.each(['', 'latest', 'W/"3', 'W/3', '"a"b"'])('refuses the unreadable tag %j', (ifMatch) => {
    expect(() => checkWritePreconditions({ ifMatch }, version(3))).toThrow(BadRequest);
  });
});

describe('isNotModified', () => {
  it('holds for the version that the caller has, and for no other', () => {
    const isHeld = (ifNoneMatch?: string) => isNotModified({ ifNoneMatch }, version(3));

    expect(isHeld(etag(version(3)))).toBe(true);
    expect(isHeld(etag(version(2)))).toBe(false);
    expect(isHeld('W/"another-server"')).toBe(false);
    expect(isHeld()).toBe(false);
  });

  const changed = { ...version(3), lastUpdated: new Date('2024-02-03T04:05:06.789Z') };

  it.each([
    ['Sat, 03 Feb 2024 04:05:06 GMT', true],
    ['Sat, 03 Feb 2024 04:05:07 GMT', true],
    ['Sat, 03 Feb 2024 04:05:05 GMT', false],
    ['2025-01-01', false],
    ['Sunday', false],
    ['', false],
  ])('holds since %j: %s', (ifModifiedSince, expected) => {
    expect(isNotModified({ ifModifiedSince }, changed)).toBe(expected);
  });

  it('looks at tags where both are there', () => {
    const ifModifiedSince = changed.lastUpdated.toUTCString();

    expect(isNotModified({ ifModifiedSince, ifNoneMatch: etag(version(2)) }, changed)).toBe(false);
    expect(isNotModified({ ifModifiedSince }, changed)).toBe(true);
  });
});
