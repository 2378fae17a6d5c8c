import { isDeepStrictEqual } from 'node:util';
import {
  isExactObject,
  parseExact,
  stringifyExact,
  type ExactJson,
} from '../../interactions/formats/exact-json.js';
import type { ParsedBody } from '../../interactions/formats/json.js';
import { isObject, own, type Json, type JsonObject } from '../../policy/json.js';

/** The body that turns a stored text into `wanted`; what does not change keeps its digits. */
export function exactChange(text: string, wanted: JsonObject): ParsedBody {
  const exact = overlay(parseExact(text), JSON.parse(text) as Json, wanted);
  return { value: wanted, text: stringifyExact(exact) };
}

function overlay(exact: ExactJson, current: Json | undefined, wanted: Json): ExactJson {
  if (isDeepStrictEqual(current, wanted)) return exact;
  if (!isExactObject(exact) || !isObject(wanted)) return exactFrom(wanted);
  return Object.fromEntries(
    Object.entries(wanted).map(([name, value]) => [
      name,
      Object.hasOwn(exact, name)
        ? overlay(exact[name] ?? null, own(current, name), value)
        : exactFrom(value),
    ]),
  );
}

function exactFrom(value: Json): ExactJson {
  return parseExact(JSON.stringify(value));
}
