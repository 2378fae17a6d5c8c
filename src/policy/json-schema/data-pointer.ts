import { isArray, own, type Json, type JsonObject } from '../json.js';

/** A `{$data: "#/jwt/pid"}` in a schema: a value that is taken from the request. */
export interface DataPointer {
  /** As it was written. */
  readonly source: string;
  readonly segments: readonly string[];
  /** What the keyword can use; a value of another kind is as good as none. */
  readonly accepts: 'any' | 'array' | 'number' | 'positive' | 'count';
}

/** Unescaped segments of a JSON pointer in a URI fragment (RFC 6901 §6); `undefined` if it is none. */
export function parsePointer(fragment: string): readonly string[] | undefined {
  if (fragment === '#') return [];
  if (!/^#(?:\/(?:[^~/]|~[01])*)+$/.test(fragment)) return undefined;
  try {
    return segmentsOf(decodeURIComponent(fragment.slice(1)));
  } catch {
    return undefined;
  }
}

/** Unescaped segments of a JSON pointer without `#` (RFC 6901 §4). */
export function segmentsOf(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** A JSON pointer to the segments, escaped, without `#` (RFC 6901 §3). */
export function formatPointer(segments: readonly string[]): string {
  return segments
    .map((segment) => `/${segment.replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('');
}

/** Whether the pointer leads to a value of the request that its keyword can use. */
export function leadsToValue(pointer: DataPointer, request: JsonObject): boolean {
  let value: Json | undefined = request;
  for (const segment of pointer.segments) {
    value = isArray(value) ? value[indexOf(segment)] : own(value, segment);
  }
  return value !== undefined && value !== null && accepts(pointer, value);
}

function accepts({ accepts: kind }: DataPointer, value: Json): boolean {
  switch (kind) {
    case 'any':
      return true;
    case 'array':
      return isArray(value) && value.length > 0;
    case 'number':
      return typeof value === 'number';
    case 'positive':
      return typeof value === 'number' && value > 0;
    case 'count':
      return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
  }
}

function indexOf(segment: string): number {
  return /^(?:0|[1-9]\d{0,8})$/.test(segment) ? Number(segment) : -1;
}
