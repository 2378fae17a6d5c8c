import { bodyOf, isJsonObject, type Json, type ParsedBody } from '../interactions/formats/json.js';

/** A resource of a file, or something that should be one. */
export type FoundResource =
  | {
      readonly kind: 'policy';
      readonly place: string;
      readonly body: ParsedBody;
      /** Its own, or that of the URL it would be written to. */
      readonly id: string | undefined;
    }
  /** Of another type; `name` as in `User/u1`. */
  | { readonly kind: 'other'; readonly place: string; readonly name: string }
  | { readonly kind: 'problem'; readonly place: string; readonly problem: string };

const POLICY = 'AccessPolicy';
const ENTRY_URL = /^(?:\/?fhir)?\/?AccessPolicy\/([^/?]+)$/;

/**
 * The resources of the documents of a file: each is one, or a list of them, or a Bundle. Without
 * `resourceType` a policy is told by its `engine`.
 *
 * @param types that resources may have besides
 */
export function findResources(
  documents: readonly ParsedBody[],
  types: ReadonlySet<string>,
): readonly FoundResource[] {
  return documents.flatMap((body, index) => {
    const place = documents.length > 1 ? `document ${index + 1}` : '';
    return isList(body.value) ? itemsOf(body.value, place, types) : oneOf(body, place, types);
  });
}

function itemsOf(
  items: readonly Json[],
  place: string,
  types: ReadonlySet<string>,
): readonly FoundResource[] {
  return items.flatMap((item, index) => oneOf(bodyOf(item), at(place, `[${index}]`), types));
}

function oneOf(
  body: ParsedBody,
  place: string,
  types: ReadonlySet<string>,
): readonly FoundResource[] {
  return text(body.value, 'resourceType') === 'Bundle'
    ? entriesOf(body.value, place, types)
    : [resourceOf(body, place, types)];
}

function entriesOf(
  bundle: Json,
  place: string,
  types: ReadonlySet<string>,
): readonly FoundResource[] {
  const entries = own(bundle, 'entry') ?? [];
  if (!isList(entries)) return [problem(place, 'Bundle.entry must be an array')];
  return entries.map((entry, index) => entryOf(entry, at(place, `entry[${index}]`), types));
}

function entryOf(entry: Json, place: string, types: ReadonlySet<string>): FoundResource {
  const request = own(entry, 'request');
  const url = text(request, 'url') ?? '';
  const method = text(request, 'method');
  const resource = own(entry, 'resource');
  if (method === 'PATCH') return problem(place, 'A patch is not tested; write the whole policy');
  if (resource === undefined) return { kind: 'other', place, name: `${method ?? 'entry'} ${url}` };
  const [, id] = ENTRY_URL.exec(url) ?? [];
  return resourceOf(bodyOf(resource), place, types, method === 'PUT' ? id : undefined);
}

/** @param urlId wins over that of the resource, as it does when it is written */
function resourceOf(
  body: ParsedBody,
  place: string,
  types: ReadonlySet<string>,
  urlId?: string,
): FoundResource {
  const { value } = body;
  if (!isJsonObject(value)) return problem(place, 'is no resource, which is an object');
  const type = own(value, 'resourceType');
  const ownId = text(value, 'id');
  if (type === POLICY || (type === undefined && own(value, 'engine') !== undefined)) {
    return { kind: 'policy', place, body, id: urlId ?? ownId };
  }
  if (type === undefined) return problem(place, 'has neither a resourceType nor an engine');
  if (typeof type === 'string' && types.has(type)) {
    return { kind: 'other', place, name: ownId === undefined ? type : `${type}/${ownId}` };
  }
  return problem(place, `has the resourceType ${JSON.stringify(type)}, which is none`);
}

function problem(place: string, words: string): FoundResource {
  return { kind: 'problem', place, problem: words };
}

function at(place: string, step: string): string {
  return place === '' ? step : `${place} ${step}`;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function own(value: Json | undefined, name: string): Json | undefined {
  return isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

function text(value: Json | undefined, name: string): string | undefined {
  const member = own(value, name);
  return typeof member === 'string' ? member : undefined;
}
