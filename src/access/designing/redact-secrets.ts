import { isArray, isObject, ownString, type Json, type JsonObject } from '../../policy/json.js';

const REDACTED = '[redacted]';

/** Names of elements and parameters that hold a secret, in system resources or anywhere else. */
const SECRETIVE =
  /^_?(?:k|otp|authorization|.*assertion|.*verifier|.*(?:secret|passw(?:or)?d|passphrase|private[-_]?key|api[-_]?key|credential).*)$/is;
const TOKEN = /(?:^|[-_])token$/i;

/**
 * A value as a trace may show it: nothing of an element or parameter whose name says that it is
 * secret, at any depth, nor what a patch puts there.
 */
export function redactSecrets(value: Json): Json {
  if (isArray(value)) return value.map(redactSecrets);
  if (!isObject(value)) return value;
  const isSecretPatch = ownString(value, 'path')?.split('/').some(isSecretName) ?? false;
  const entries = Object.entries(value).map(([name, part]): [string, Json] => {
    const isHidden = isSecret(name, part) || (isSecretPatch && name === 'value');
    return [name, isHidden ? REDACTED : redactSecrets(part)];
  });
  return Object.fromEntries(entries);
}

/** The same for the value at a path, whose names count too. */
export function redactSecretAt(path: readonly (string | number)[], value: Json): Json {
  const isBelowSecret = path.some((step) => isSecret(String(step), value));
  return isBelowSecret ? REDACTED : redactSecrets(value);
}

/** A request object for showing. Its headers were redacted before policies saw them. */
export function redactRequest(request: JsonObject): JsonObject {
  const entries = Object.entries(request).map(([name, part]): [string, Json] => {
    if (name === 'query-string' && typeof part === 'string') return [name, redactQuery(part)];
    return [name, name === 'headers' ? part : redactSecrets(part)];
  });
  return Object.fromEntries(entries);
}

function redactQuery(query: string): string {
  const pairs = query.split('&').map((pair) => {
    const [name = ''] = pair.split('=', 1);
    return isSecret(decoded(name), '') ? `${name}=${REDACTED}` : pair;
  });
  return pairs.join('&');
}

// At the root, `token` is the answer of an introspection endpoint, which is no credential.
function isSecret(name: string, value: Json): boolean {
  return isSecretName(name) || (TOKEN.test(name) && !isObject(value));
}

function isSecretName(name: string): boolean {
  return SECRETIVE.test(name);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}
