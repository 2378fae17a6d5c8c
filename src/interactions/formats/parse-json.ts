import secureJson from 'secure-json-parse';
import { BadRequest } from '../../errors/fhir-error.js';
import type { BodyLimits } from './body-limits.js';
import { parseExact, stringifyExact } from './exact-json.js';
import type { Json, ParsedBody } from './json.js';
import { scanJson } from './scan-json.js';

/**
 * Reads JSON text: checked, parsed, and rewritten only where a key is repeated.
 *
 * @throws BodySyntaxError, BadRequest (400) as `scanJson` does, and for `__proto__` or
 * `constructor.prototype` as a key.
 */
export function parseJson(text: string, limits: BodyLimits): ParsedBody {
  const { members } = scanJson(text, limits);
  const value = withoutPrototypeKeys(text);
  // Two readers must not choose differently between two values of one key: the text keeps the last.
  if (members === countMembers(value)) return { value, text };
  return { value, text: stringifyExact(parseExact(text)) };
}

function withoutPrototypeKeys(text: string): Json {
  try {
    return secureJson.parse(text) as Json;
  } catch {
    throw new BadRequest('The keys __proto__ and constructor.prototype are refused', 'structure');
  }
}

function countMembers(value: Json): number {
  if (typeof value !== 'object' || value === null) return 0;
  const children: readonly Json[] = Object.values(value);
  let total = Array.isArray(value) ? 0 : children.length;
  for (const child of children) total += countMembers(child);
  return total;
}
