import { setImmediate as nextTurn } from 'node:timers/promises';
import { isJsonObject, type Json, type JsonObject } from '../../interactions/formats/json.js';
import { UpstreamFailed } from '../upstream/upstream-errors.js';

/** The lists of files in a manifest: what was asked for, what went wrong, and what is gone. */
const LISTS = ['output', 'error', 'deleted'] as const;
const INSTANT = /^\d{4}-[0-9T:.Z+-]{1,40}$/;
/** Each takes a link of its own. */
const MAX_FILES = 10_000;
/** Links after which other requests have their turn. */
const LINKS_PER_TURN = 100;
/** Of all files together: each link repeats the parameters of the export. */
const MAX_CHARACTERS = 16 * 1024 * 1024;

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
 * is understood of it. Other requests have their turn meanwhile.
 *
 * @param types that were decided on; files of others are left out
 * @param request address of the export
 * @param linkOf the address of a file
 * @throws UpstreamFailed 502 for what is no manifest, goes on elsewhere, or would have more than 10,000 files or
 * 16 MiB; whatever `linkOf` throws
 */
export async function passedManifest(
  manifest: JsonObject,
  types: ReadonlySet<string>,
  request: string,
  linkOf: (file: ExportedFile) => string,
): Promise<object> {
  const { transactionTime, link } = manifest;
  const isWhole = link === undefined || (Array.isArray(link) && link.length === 0);
  if (typeof transactionTime !== 'string' || !INSTANT.test(transactionTime) || !isWhole) {
    throw unreadable();
  }
  const lists = LISTS.map((list) => [list, filesIn(manifest, list)] as const);
  if (lists.reduce((count, [, files]) => count + files.length, 0) > MAX_FILES) {
    throw new UpstreamFailed(`An export has ${MAX_FILES} files at most here; _type parts it`);
  }
  const passed = await passedFiles(lists, types, linkOf);
  return { transactionTime, request, requiresAccessToken: true, ...passed };
}

/** A file as the manifest has it here. */
interface PassedFile {
  readonly type: string;
  readonly url: string;
  readonly count?: number;
}

async function passedFiles(
  lists: readonly (readonly [FileList, readonly JsonObject[]])[],
  types: ReadonlySet<string>,
  linkOf: (file: ExportedFile) => string,
): Promise<Record<FileList, readonly PassedFile[]>> {
  const passed: Record<FileList, PassedFile[]> = { output: [], error: [], deleted: [] };
  const all = lists.flatMap(([list, files]) => files.map((file) => [list, file] as const));
  let characters = 0;
  for (const [at, [list, file]] of all.entries()) {
    if (at > 0 && at % LINKS_PER_TURN === 0) await nextTurn();
    for (const made of fileFor(list, file, types, linkOf)) {
      characters += made.url.length;
      passed[list].push(made);
    }
    if (characters > MAX_CHARACTERS) throw tooLong();
  }
  return passed;
}

/** What the lines of a list are, where they are not what was asked for. */
const FIXED: Partial<Record<FileList, string>> = { error: 'OperationOutcome', deleted: 'Bundle' };

function fileFor(
  list: FileList,
  { type: given, url, count }: JsonObject,
  types: ReadonlySet<string>,
  linkOf: (file: ExportedFile) => string,
): readonly PassedFile[] {
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

function tooLong(): UpstreamFailed {
  return new UpstreamFailed(
    'The manifest would be too long; _type parts an export, and its links repeat its parameters',
  );
}

function unreadable(): UpstreamFailed {
  return new UpstreamFailed('The FHIR server behind this one answered no manifest of an export');
}
