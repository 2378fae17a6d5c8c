import {
  parseExact,
  stringifyExact,
  type ExactJson,
} from '../../interactions/formats/exact-json.js';
import type { Json, ParsedBody } from '../../interactions/formats/json.js';
import { isDraft, placesOf } from './element-path.js';
import type { SecretField } from './secret-field.js';

/** Where a secret stands in a body. */
interface Holder {
  readonly holder: Record<string, unknown>;
  readonly key: string;
}

/**
 * A resource or patch in which values of fields that have a `prepare` are replaced by what it makes of them; the
 * body itself where there are none.
 */
export async function prepareSecrets(
  body: ParsedBody,
  fields: readonly SecretField[],
): Promise<ParsedBody> {
  let current = body;
  for (const { path, prepare } of fields) {
    const secret = prepare && secretAt(current.value, path)?.value;
    if (prepare === undefined || secret === undefined) continue;
    const prepared = await prepare(secret);
    if (prepared !== secret) current = replaced(current, path, prepared);
  }
  return current;
}

function replaced(body: ParsedBody, path: string, value: string): ParsedBody {
  // As text, so that numbers keep their digits; a parse of its own may be changed.
  const exact = parseExact(body.text);
  const found = secretAt(exact, path);
  if (!found) return body;
  found.holder[found.key] = value;
  const text = stringifyExact(exact);
  return { text, value: JSON.parse(text) as Json };
}

/** The one string at a path; several cost as much each, and only what is left of them in the end is stored. */
function secretAt(
  body: Json | ExactJson,
  path: string,
): (Holder & { readonly value: string }) | undefined {
  const [only, ...more] = holdersIn(body, path).flatMap(({ holder, key }) => {
    const value = Object.hasOwn(holder, key) ? holder[key] : undefined;
    return typeof value === 'string' ? [{ holder, key, value }] : [];
  });
  return more.length === 0 ? only : undefined;
}

/** A merge patch has the shape of the resource, a JSON Patch (RFC 6902) names it. */
function holdersIn(body: unknown, path: string): readonly Holder[] {
  if (isDraft(body)) return placesOf(body, path);
  if (!Array.isArray(body)) return [];
  const pointer = `/${path.replaceAll('.', '/')}`;
  return (body as readonly unknown[]).flatMap((operation) =>
    isDraft(operation) && Object.hasOwn(operation, 'path') && operation['path'] === pointer
      ? [{ holder: operation, key: 'value' }]
      : [],
  );
}
