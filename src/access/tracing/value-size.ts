import type { Json } from '../../policy/json.js';

/** What a member, an item or a scalar costs besides its text. */
const NODE_BYTES = 48;

const KNOWN = new WeakMap<object, number>();

/**
 * About how many bytes of memory a value takes, counted no further than is asked for.
 *
 * @param limit in bytes; a value that takes more is said to take more than this, but not how much.
 */
export function valueSize(value: Json | undefined, limit: number): number {
  let bytes = 0;
  const open: Json[] = value === undefined ? [] : [value];
  for (let next = open.pop(); next !== undefined && bytes <= limit; next = open.pop()) {
    bytes += NODE_BYTES;
    if (typeof next === 'string') bytes += next.length;
    else if (typeof next === 'object' && next !== null) {
      bytes += openMembers(next as Readonly<Record<string, Json>>, open, limit - bytes);
    }
  }
  return bytes;
}

/** {@link valueSize} of a value that many requests share and nobody changes, computed once. */
export function sharedSize(value: object | undefined, limit: number): number {
  if (value === undefined) return 0;
  const known = KNOWN.get(value);
  if (known !== undefined) return known;
  const size = valueSize(value as Json, limit);
  KNOWN.set(value, size);
  return size;
}

// No more members are opened than could still be counted, so that a long list costs no more than its bound.
function openMembers(value: Readonly<Record<string, Json>>, open: Json[], limit: number): number {
  let bytes = 0;
  for (const name in value) {
    if (bytes > limit) break;
    bytes += name.length + NODE_BYTES;
    open.push(value[name] ?? null);
  }
  return bytes;
}
