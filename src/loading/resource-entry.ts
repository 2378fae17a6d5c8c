import type { PortionEntry } from './portion.js';

/** A resource on its way into a batch. */
export interface ResourceEntry extends PortionEntry {
  /** The entry of the batch, as JSON text. */
  readonly text: string;
  readonly isRepeatable: boolean;
}

const TYPE = /^[A-Z][A-Za-z]{0,63}$/;
const ID = /^[A-Za-z0-9.-]{1,64}$/;

/**
 * The entry that writes a resource: `PUT` where it has an id, so that loading it again changes nothing,
 * else `POST`.
 *
 * @param text of the resource, passed on as it is
 * @param value what the text reads
 * @returns the reason when it is no resource.
 */
export function resourceEntry(text: string, value: unknown, place: string): ResourceEntry | string {
  const type = member(value, 'resourceType');
  if (typeof type !== 'string' || !TYPE.test(type))
    return 'is no resource: it lacks a resourceType';
  const id = member(value, 'id');
  if (id === undefined) return entryOf('POST', type, { text, place, isRepeatable: false });
  if (typeof id !== 'string' || !ID.test(id)) return 'has an id that is none of FHIR';
  return entryOf('PUT', `${type}/${id}`, { text, place, isRepeatable: true });
}

/** A batch of entries. */
export function batchOf(entries: readonly ResourceEntry[]): string {
  const texts = entries.map(({ text }) => text).join(',');
  return `{"resourceType":"Bundle","type":"batch","entry":[${texts}]}`;
}

/** A member of a value that may be anything; `undefined` where there is none. */
export function member(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return Reflect.get(value, name);
}

function entryOf(
  method: 'PUT' | 'POST',
  target: string,
  { text, place, isRepeatable }: Pick<ResourceEntry, 'text' | 'place' | 'isRepeatable'>,
): ResourceEntry {
  const request = JSON.stringify({ method, url: target });
  return { place, target, isRepeatable, text: `{"resource":${text},"request":${request}}` };
}
