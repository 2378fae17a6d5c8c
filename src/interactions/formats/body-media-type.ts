import { UnsupportedMediaType } from '../../errors/fhir-error.js';

/** The kinds of body that are read, whatever their media type is called. */
export type BodyKind = 'json' | 'json-patch' | 'merge-patch' | 'yaml';

const KINDS: ReadonlyMap<string, BodyKind> = new Map([
  ['application/json', 'json'],
  ['application/fhir+json', 'json'],
  ['application/json-patch+json', 'json-patch'],
  ['application/merge-patch+json', 'merge-patch'],
  ['text/yaml', 'yaml'],
  ['text/x-yaml', 'yaml'],
  ['application/yaml', 'yaml'],
  ['application/x-yaml', 'yaml'],
]);

const FIX = "-H 'content-type: application/json'";

/**
 * The kind of body that a Content-Type announces; without one it is YAML, of which JSON is a subset.
 *
 * Parameters other than `charset` (`fhirVersion`, for one) are passed over.
 *
 * @throws UnsupportedMediaType (415) for other types and for charsets other than UTF-8.
 */
export function bodyKind(contentType: string | undefined): BodyKind {
  if (contentType === undefined || contentType.trim() === '') return 'yaml';
  const [type = '', ...parameters] = contentType
    .split(';')
    .map((part) => part.trim().toLowerCase());
  const kind = KINDS.get(type);
  if (kind === undefined) throw new UnsupportedMediaType(adviceFor(type));
  if (!parameters.every(isReadable)) {
    throw new UnsupportedMediaType('Bodies are read as UTF-8 only; leave charset out');
  }
  return kind;
}

function isReadable(parameter: string): boolean {
  const [name, value = ''] = parameter.split('=');
  return name !== 'charset' || /^"?utf-?8"?$/.test(value);
}

function adviceFor(type: string): string {
  if (type === 'application/x-www-form-urlencoded') {
    return `A form is not a resource; most clients say so unless told otherwise: add ${FIX}`;
  }
  if (type.endsWith('xml')) return 'XML is not read; send application/fhir+json';
  return 'This Content-Type is not read; send application/fhir+json, application/json or text/yaml';
}
