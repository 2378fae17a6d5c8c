import { BadRequest } from '../../errors/fhir-error.js';

const MAX_PARAMETERS = 1000;

const NONE: Params = Object.freeze({});

/** Parameters by name: decoded text, or all values in order where the name is repeated. */
export type Params = Readonly<Record<string, string | readonly string[]>>;

/**
 * Reads a query string or a form body (`application/x-www-form-urlencoded`), `+` for a space.
 *
 * @param routeParameters further names that belong to the route alone; every name with a slash in
 * it, such as `resource/id`, does already.
 * @throws BadRequest (400) for such a name, `access_token`, `__proto__`, no name at all, broken
 * escapes, NUL, and more than 1000 parameters.
 */
export function readParams(
  encoded: string | undefined,
  routeParameters: readonly string[] = [],
): Params {
  if (encoded === undefined || encoded === '') return NONE;
  const pairs = encoded.split('&').filter((pair) => pair !== '');
  if (pairs.length > MAX_PARAMETERS) {
    throw new BadRequest(`There are more than ${MAX_PARAMETERS} parameters`);
  }
  const params = new Map<string, string[]>();
  for (const pair of pairs) {
    const [name, value] = readPair(pair);
    assertName(name, routeParameters);
    const values = params.get(name);
    if (values) values.push(value);
    else params.set(name, [value]);
  }
  return Object.fromEntries([...params].map(([name, values]) => [name, oneOrAll(values)]));
}

function readPair(pair: string): [name: string, value: string] {
  const equals = pair.indexOf('=');
  if (equals < 0) return [decode(pair), ''];
  return [decode(pair.slice(0, equals)), decode(pair.slice(equals + 1))];
}

function decode(encoded: string): string {
  const text = decodeEscapes(encoded.replaceAll('+', ' '));
  if (text.includes('\0')) throw new BadRequest('A parameter holds NUL');
  return text;
}

function decodeEscapes(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    throw new BadRequest('A parameter holds a broken percent escape');
  }
}

function assertName(name: string, routeParameters: readonly string[]): void {
  if (name === '') throw new BadRequest('A parameter has no name');
  if (name === 'access_token') {
    throw new BadRequest('Tokens travel in the Authorization header, not as access_token');
  }
  if (name.includes('/') || routeParameters.includes(name)) {
    throw new BadRequest('A parameter is named like a part of the route');
  }
  if (name === '__proto__') throw new BadRequest('The parameter __proto__ is refused');
}

function oneOrAll(values: readonly string[]): string | readonly string[] {
  const [only, ...others] = values;
  return only === undefined || others.length > 0 ? values : only;
}
