import { isLive, type StoredVersion } from '../storage/stored-version.js';
import { etag } from './preconditions.js';

/**
 * JSON text of a version as an entry of a history (FHIR R4, RESTful API §3.1.0.13). Its status is what the write
 * was answered with, which for deletions is 200 here.
 *
 * @param fullUrl of the resource
 * @param shown the text of a version that is no deletion as it is shown
 */
export function historyEntry(
  version: StoredVersion,
  fullUrl: string,
  shown: (text: string) => string,
): string {
  const { method, type, id, versionId, bringsBack = false } = version;
  const isCreation = method === 'POST' || (method === 'PUT' && (versionId === 1 || bringsBack));
  const rest = JSON.stringify({
    fullUrl,
    request: { method, url: method === 'POST' ? type : `${type}/${id}` },
    response: {
      status: isCreation ? '201' : '200',
      etag: etag(version),
      lastModified: version.lastUpdated.toISOString(),
    },
  });
  return isLive(version) ? `${rest.slice(0, -1)},"resource":${shown(version.text)}}` : rest;
}
