import { BadRequest } from '../../errors/fhir-error.js';
import { readParams } from '../http/query-params.js';
import type { QueryParams } from '../search/parse-search.js';

/** What the URL of an entry names: a type, a resource, a version or a history here (spec §9). */
export interface EntryAddress {
  readonly type: string;
  readonly id: string | undefined;
  readonly vid: string | undefined;
  readonly isHistory: boolean;
  /** As sent; `undefined` without a question mark. */
  readonly queryString: string | undefined;
  readonly query: QueryParams;
}

const MAX_CHARACTERS = 8192;
const VISIBLE_ASCII = /^[!-~]+$/;
/** `.` and `..` are dot segments, not ids. */
const ID = '(?!\\.{1,2}(?:/|$))[A-Za-z0-9\\-.]{1,64}';
const PATH = new RegExp(`^([A-Z][A-Za-z]{0,63})(?:/(${ID}))?(?:/(_history)(?:/(${ID}))?)?$`);

/**
 * Reads `Bundle.entry.request.url`: `{type}[/{id}[/_history[/{vid}]]][?query]`, relative to `/fhir` here,
 * which may stand before it.
 *
 * @throws BadRequest 400 for everything else: other servers, other routes, operations, dot segments,
 * escapes in the path, debugging parameters, and parameters named like a part of the route.
 */
export function parseEntryAddress(url: string, baseUrl: string): EntryAddress {
  if (url.length > MAX_CHARACTERS || !VISIBLE_ASCII.test(url) || url.includes('#')) {
    throw unaddressable();
  }
  const question = url.indexOf('?');
  const path = question < 0 ? url : url.slice(0, question);
  const [, type, id, history, vid] = PATH.exec(withoutBase(path, baseUrl)) ?? [];
  const hasStrayVersion = vid !== undefined && id === undefined;
  if (type === undefined || hasStrayVersion) throw unaddressable();
  const queryString = question < 0 ? undefined : url.slice(question + 1);
  return {
    type,
    id,
    vid,
    isHistory: history !== undefined,
    queryString,
    query: readEntryQuery(queryString),
  };
}

/**
 * Reads the parameters of an entry, as those of a request are read.
 *
 * @throws BadRequest 400 also for parameters that debug or act as another.
 */
export function readEntryQuery(queryString: string | undefined): QueryParams {
  if (queryString !== undefined && queryString.length > MAX_CHARACTERS) {
    throw new BadRequest(`Criteria have ${MAX_CHARACTERS} characters at most`, 'too-long');
  }
  const query = readParams(queryString);
  const refused = Object.keys(query).find((name) => name.startsWith('__') || name === 'su');
  if (refused === undefined) return query;
  throw new BadRequest(`An entry cannot have the parameter ${refused.slice(0, 100)}`);
}

function withoutBase(path: string, baseUrl: string): string {
  for (const base of [`${baseUrl}/fhir/`, '/fhir/', '/']) {
    if (path.startsWith(base)) return path.slice(base.length);
  }
  return path;
}

function unaddressable(): BadRequest {
  return new BadRequest(
    'An entry addresses {type}[/{id}[/_history[/{vid}]]][?query] of this server',
    'value',
  );
}
