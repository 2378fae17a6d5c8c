import { isJsonObject, type Json, type JsonObject } from '../../interactions/formats/json.js';
import { UpstreamFailed } from '../upstream/upstream-errors.js';

/** The lists of files in a manifest: what was asked for, what went wrong, and what is gone. */
const LISTS = ['output', 'error', 'deleted'] as const;
const INSTANT = /^\d{4}-[0-9T:.Z+-]{1,40}$/;
/** Each takes a link of its own. */
const MAX_FILES = 10_000;

/** One of the lists of a manifest. */
export type FileList = (typeof LISTS)[number];

/** A file of an export. */
export interface ExportedFile {
  readonly list: FileList;
  /** Of the resources in it. */
  readonly type: string;
  readonly url: string;
}

/**
 * The manifest of an export that is over (Bulk Data Access 2.0, Response - Complete Status), made anew of what
 * is understood of it.
 *
 * @param types that were decided on; files of others are left out
 * @param request address of the export
 * @param linkOf the address of a file
 * @throws UpstreamFailed 502 for what is no manifest, or goes on elsewhere
 */
export function passedManifest(
  manifest: JsonObject,
  types: ReadonlySet<string>,
  request: string,
  linkOf: (file: ExportedFile) => string,
): object {
  const { transactionTime, link } = manifest;
  const isWhole = link === undefined || (Array.isArray(link) && link.length === 0);
  if (typeof transactionTime !== 'string' || !INSTANT.test(transactionTime) || !isWhole) {
    throw unreadable();
  }
  const lists = LISTS.map((list) => [list, filesIn(manifest, list)] as const);
  if (lists.reduce((count, [, files]) => count + files.length, 0) > MAX_FILES) {
    throw new UpstreamFailed(`An export has ${MAX_FILES} files at most here; _type parts it`);
  }
  const rewritten = lists.map(([list, files]) => [
    list,
    files.flatMap((file) => fileFor(list, file, types, linkOf)),
  ]);
  return {
    transactionTime,
    request,
    requiresAccessToken: true,
    ...(Object.fromEntries(rewritten) as Record<FileList, readonly object[]>),
  };
}

/** What the lines of a list are, where they are not what was asked for. */
const FIXED: Partial<Record<FileList, string>> = { error: 'OperationOutcome', deleted: 'Bundle' };

function fileFor(
  list: FileList,
  { type: given, url, count }: JsonObject,
  types: ReadonlySet<string>,
  linkOf: (file: ExportedFile) => string,
): readonly object[] {
  const type = FIXED[list] ?? given;
  if (typeof type !== 'string' || typeof url !== 'string') throw unreadable();
  if (list === 'output' && !types.has(type)) return [];
  const isCounted = typeof count === 'number' && Number.isSafeInteger(count) && count >= 0;
  return [{ type, url: linkOf({ list, type, url }), ...(isCounted ? { count } : {}) }];
}

function filesIn(manifest: JsonObject, list: FileList): readonly JsonObject[] {
  const files: Json = Object.hasOwn(manifest, list) ? (manifest[list] ?? []) : [];
  if (Array.isArray(files) && (files as readonly Json[]).every(isJsonObject)) {
    return files as readonly JsonObject[];
  }
  throw unreadable();
}

function unreadable(): UpstreamFailed {
  return new UpstreamFailed('The FHIR server behind this one answered no manifest of an export');
}
