import { DEFAULT_BODY_LIMITS } from '../formats/body-limits.js';
import {
  isExactObject,
  parseExact,
  stringifyExact,
  type ExactJson,
  type ExactObject,
} from '../formats/exact-json.js';
import type { Json, ParsedBody } from '../formats/json.js';
import { parseJson } from '../formats/parse-json.js';

/** What content is, which says where it has references: `requests` is a batch or transaction. */
export type ContentKind = 'resource' | 'patch' | 'requests';

const RELATIVE = /^[A-Z][A-Za-z]{0,63}\/[A-Za-z0-9\-.]{1,64}(?:\/_history\/[A-Za-z0-9\-.]{1,64})?$/;
const REFERENCE_PATH = /(?:^|[/.])reference(?:\[\d+\])?$/;
/** A path of FHIRPath Patch that can be read as it stands: elements, each with an index at most. */
const PLAIN_PATH = /^[A-Za-z]+(?:\.[A-Za-z]+(?:\[\d+\])?)*$/;
/** The address of one resource in an entry of a Bundle; its type. */
const ENTRY_URL = /^(?:\/?fhir\/|\/)?([A-Z][A-Za-z]{0,63})\/[A-Za-z0-9\-.]{1,64}$/;
const NOTHING: ReadonlySet<string> = new Set();

/**
 * Writes references to resources of this server relative, however its address was written before them
 * (FHIR R4, References §2.3.0.1): `https://here/fhir/Patient/p1` and `Patient/p1` are one resource.
 */
export class LocalReferences {
  private readonly prefixes: readonly string[];
  private readonly spared: ReadonlySet<string>;

  /**
   * @param bases of this server, without a trailing slash, such as `https://here/fhir`
   * @param sparedTypes resources that stay as they are among the entries of a batch or transaction
   */
  constructor(bases: readonly string[], sparedTypes: readonly string[] = []) {
    this.prefixes = bases.map((base) => `${base}/`);
    this.spared = new Set(sparedTypes);
  }

  /** Whether a URL is below a base of this server. */
  isLocal(url: string): boolean {
    return this.prefixes.some((prefix) => url.startsWith(prefix));
  }

  /** The reference without the base of this server; any other text as it is. */
  relative(reference: string): string {
    const prefix = this.prefixes.find((it) => reference.startsWith(it));
    const rest = prefix === undefined ? '' : reference.slice(prefix.length);
    return RELATIVE.test(rest) ? rest : reference;
  }

  /** A body with its references relative; the body itself where nothing has to change. */
  inBody(body: ParsedBody, kind: ContentKind): ParsedBody {
    if (this.prefixes.length === 0) return body;
    // The dry run reads no number, so the inexact value does; most bodies need no more.
    const value = body.value as unknown as ExactJson;
    if (this.inContent(value, kind) === value) return body;
    const text = stringifyExact(this.inContent(parseExact(body.text), kind));
    return { text, value: JSON.parse(text) as Json };
  }

  /**
   * The content with its references relative; the content itself where nothing has to change.
   *
   * What stored Bundles refer to is found by the `fullUrl` of their entries, and stays; so does what a
   * transaction refers to among what its own entries write (FHIR R4, Bundle §2.36.4).
   */
  inContent(content: ExactJson, kind: ContentKind): ExactJson {
    if (kind === 'requests' && isExactObject(content)) return this.inRequests(content);
    const relative = (text: string): string => this.relative(text);
    return new ReferenceWalk(relative, kind === 'patch').value(content, false, false);
  }

  private inRequests(bundle: ExactObject): ExactObject {
    const among = fullUrlsOf(bundle);
    const relative = (text: string): string => (among.has(text) ? text : this.relative(text));
    const walk = new ReferenceWalk(relative, false);
    const entries = bundle['entry'];
    if (!Array.isArray(entries)) return bundle;
    const entry = entries.map((it) => {
      if (!isExactObject(it) || this.isSpared(it)) return it;
      return isPatchEntry(it) ? this.inPatchEntry(it) : walk.value(it, false, false);
    });
    return entry.some((it, at) => it !== entries[at]) ? { ...bundle, entry } : bundle;
  }

  private isSpared({ resource, request }: ExactObject): boolean {
    const type = isExactObject(resource) ? resource['resourceType'] : undefined;
    if (typeof type === 'string' && this.spared.has(type)) return true;
    const url = isExactObject(request) ? request['url'] : undefined;
    const addressed = typeof url === 'string' ? ENTRY_URL.exec(this.relative(url))?.[1] : undefined;
    return addressed !== undefined && this.spared.has(addressed);
  }

  /** A patch is the resource of its entry, or in a Binary (FHIR R4, RESTful API §3.1.0.11.1). */
  private inPatchEntry(entry: ExactObject): ExactObject {
    const { resource } = entry;
    if (!isExactObject(resource)) return entry;
    const changed =
      resource['resourceType'] === 'Binary'
        ? this.inBinary(resource)
        : this.inContent(resource, 'patch');
    return changed === resource ? entry : { ...entry, resource: changed };
  }

  private inBinary(binary: ExactObject): ExactObject {
    const { data } = binary;
    if (typeof data !== 'string') return binary;
    const text = Buffer.from(data, 'base64').toString('utf8');
    const patch = readable(text);
    const changed = patch && this.inBody(patch, 'patch');
    if (changed === patch || changed === undefined) return binary;
    return { ...binary, data: Buffer.from(changed.text).toString('base64') };
  }
}

function isPatchEntry({ request }: ExactObject): boolean {
  return isExactObject(request) && request['method'] === 'PATCH';
}

/** Undefined for a document that is refused when it is read as a patch. */
function readable(text: string): ParsedBody | undefined {
  try {
    return parseJson(text, DEFAULT_BODY_LIMITS);
  } catch {
    return undefined;
  }
}

/** A walk through content. What need not change is handed back as it is. */
class ReferenceWalk {
  constructor(
    private readonly relative: (text: string) => string,
    private readonly isPatch: boolean,
  ) {}

  /**
   * @param isReference whether a text here is a reference
   * @param isWithin whether it belongs to what a patch writes to the text of a reference
   */
  value(value: ExactJson, isReference: boolean, isWithin: boolean): ExactJson {
    if (typeof value === 'string') return isReference ? this.relative(value) : value;
    if (Array.isArray(value)) {
      const items = value.map((item) => this.value(item, isReference, isWithin));
      return items.some((item, at) => item !== value[at]) ? items : value;
    }
    if (!isExactObject(value)) return value;
    return this.members(value, isWithin, value['resourceType'] === 'Bundle' ? 'entry' : undefined);
  }

  /** @param spared name of a member that stays as it is */
  members(object: ExactObject, isWithin: boolean, spared?: string): ExactObject {
    const isHere = isWithin || (this.isPatch && writesReference(object));
    let changed: ExactObject | undefined;
    for (const [name, member] of Object.entries(object)) {
      if (name === spared) continue;
      const value = this.value(member, isHere || name === 'reference', isHere);
      if (value === member) continue;
      changed ??= { ...object };
      changed[name] = value;
    }
    return changed ?? object;
  }
}

/** Whether an operation of a JSON Patch or FHIRPath Patch, or a part of one, writes the text of a reference. */
function writesReference({ path, name, part }: ExactObject): boolean {
  if (name === 'reference' || isReferencePath(path)) return true;
  const parts = Array.isArray(part) ? part.filter(isExactObject) : [];
  return parts.some(
    (it) =>
      (it['name'] === 'path' && mayLeadToReference(it['valueString'])) ||
      (it['name'] === 'name' && it['valueString'] === 'reference'),
  );
}

/** In doubt it does: functions, delimited names and blanks write one path in many ways. */
function mayLeadToReference(path: ExactJson | undefined): boolean {
  return typeof path === 'string' && (!PLAIN_PATH.test(path) || REFERENCE_PATH.test(path));
}

function isReferencePath(path: ExactJson | undefined): boolean {
  return typeof path === 'string' && REFERENCE_PATH.test(path);
}

/** By what the entries of a transaction refer to what others of them write; in a batch none does. */
function fullUrlsOf(bundle: ExactObject): ReadonlySet<string> {
  if (bundle['type'] !== 'transaction') return NOTHING;
  const entries = Array.isArray(bundle['entry']) ? bundle['entry'].filter(isExactObject) : [];
  const urls = entries.filter(isWrite).map(({ fullUrl }) => fullUrl);
  return new Set(urls.filter((url) => typeof url === 'string'));
}

/** What an entry reads or deletes is found by its own address only, as everything that is here. */
function isWrite({ request }: ExactObject): boolean {
  const method = isExactObject(request) ? request['method'] : undefined;
  return method !== 'GET' && method !== 'HEAD' && method !== 'DELETE';
}
