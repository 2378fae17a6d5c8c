import { createHash } from 'node:crypto';

/** The index tables; each holds what one or two kinds of search parameter compare. */
export type IndexTable =
  | 'search_date'
  | 'search_quantity'
  | 'search_reference'
  | 'search_string'
  | 'search_token'
  | 'search_uri';

/** One step into a resource: the property, and which of its values count. */
export interface PathStep {
  readonly name: string;
  /** Only the value at this position. */
  readonly at?: number;
  /** Only values whose property has this text. */
  readonly where?: { readonly name: string; readonly text: string };
}

/** An element of a resource that a search parameter looks at. */
export interface SearchElement {
  readonly table: IndexTable;
  /** Names the element in its index table; the same in every release. */
  readonly slot: number;
  readonly steps: readonly PathStep[];
  /** FHIR data type; `Deceased` is the one expression of R4 that is no path. */
  readonly type: string;
  /** Only references to resources of this type count. */
  readonly target: string | undefined;
  /** Code system that all codes of the element are from; a `code` does not say it. */
  readonly system: string | undefined;
}

/** Where texts in complex types are that a string parameter is compared with (FHIR R4, Search §3.1.1.4.8). */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  HumanName: ['family', 'given', 'prefix', 'suffix', 'text'],
  Address: ['city', 'country', 'district', 'line', 'postalCode', 'state', 'text'],
};

const NOTATION = /^([^:@=]*|.*?\[[^\]]*\][^:@=]*):(\w+)(?:@(\w+))?(?:=(.+))?$/;
const STEP = /^(\w+)(?:\[(?:(\d+)|(\w+)=([^\]]+))\])?$/;

/**
 * Reads the notation of the generated definitions, `a.b[c=d].e:Type@Target=system`.
 *
 * @param owner the resource type, or `Resource` for what all types have
 * @returns several elements where the type is searched by its parts
 */
export function parseElement(
  owner: string,
  table: IndexTable,
  notation: string,
): readonly SearchElement[] {
  const [, path, type = '', target, system] = NOTATION.exec(notation) ?? [];
  if (path === undefined) throw new Error(`${owner} has an unreadable element ${notation}`);
  const parts = PARTS[type];
  if (parts) return parts.flatMap((part) => parseElement(owner, table, `${path}.${part}:string`));
  const steps = path === '' ? [] : path.split('.').map(parseStep);
  return [{ table, slot: slotOf(`${owner}.${path}`), steps, type, target, system }];
}

/** Where a facet of an element is kept, such as the identifier of a reference or the text of a code. */
export function facetSlot(
  { slot }: SearchElement,
  facet: 'identifier' | 'of-type' | 'text',
): number {
  return slotOf(`${slot}:${facet}`);
}

/** Four bytes instead of some thirty in each row of the index, and no registry to keep. */
function slotOf(path: string): number {
  return createHash('sha256').update(path).digest().readInt32BE(0);
}

function parseStep(text: string): PathStep {
  const [, name, at, key, value] = STEP.exec(text) ?? [];
  if (name === undefined) throw new Error(`${text} is no step of a path`);
  if (at !== undefined) return { name, at: Number(at) };
  return key === undefined || value === undefined
    ? { name }
    : { name, where: { name: key, text: value } };
}
