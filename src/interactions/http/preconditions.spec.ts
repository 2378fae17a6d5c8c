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
    expect(isNotModified(etag(version(3)), version(3))).toBe(true);
    expect(isNotModified(etag(version(2)), version(3))).toBe(false);
    expect(isNotModified('W/"another-server"', version(3))).toBe(false);
    expect(isNotModified(undefined, version(3))).toBe(false);
  });
});
