/** How a version came to be; FHIR's `Bundle.entry.request.method`. */
export type WriteMethod = 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** One version of one resource as the store holds it. */
export interface StoredVersion {
  readonly type: string;
  readonly id: string;
  /** 1 for the first version of an id, then gapless. */
  readonly versionId: number;
  readonly createdAt: Date;
  readonly lastUpdated: Date;
  readonly method: WriteMethod;
  /** The whole resource as JSON text, `id` and `meta` included; `undefined` for a deletion. */
  readonly text: string | undefined;
  /** Whether the resource was deleted before and this brought it back; told in histories only. */
  readonly bringsBack?: boolean;
}

/** A version that still has content, unlike the tombstone of a deletion. */
export type LiveVersion = StoredVersion & { readonly text: string };

/** Whether there is a version and it is no deletion. */
export function isLive(version: StoredVersion | undefined): version is LiveVersion {
  return version?.text !== undefined;
}

/** What a write puts in place of the current version; server-owned elements are added by the store. */
export interface NextVersion {
  readonly id: string;
  readonly method: Exclude<WriteMethod, 'DELETE'>;
  /** JSON text of the resource; its own `id`, `meta.versionId` and `meta.lastUpdated` are overwritten. */
  readonly text: string;
  /** Secrets by JSON Pointer, kept beside the resource; only where the store has a place for them. */
  readonly secrets?: Readonly<Record<string, string>>;
}
