import { BadRequest, BodyTooLarge } from '../../errors/fhir-error.js';
import type { BodyLimits } from './body-limits.js';
import { bodyKind } from './body-media-type.js';
import { BodySyntaxError, YamlTooLarge } from './format-errors.js';
import type { ParsedBody } from './json.js';
import { parseJson } from './parse-json.js';
import { yamlDocumentsToJson, yamlToJson } from './yaml-to-json.js';

/**
 * Reads the body of a resource request (spec §1, bodies): JSON, or YAML, which is also what a body
 * without Content-Type is. Whatever is JSON is read as JSON, so that its decimals stay exact.
 *
 * @returns `undefined` when there is no body, or nothing but white space.
 * @throws UnsupportedMediaType (415), BodyTooLarge or YamlTooLarge (413), and BadRequest (400) for
 * what is malformed, unsafe, or cannot be stored.
 */
export function parseResourceBody(
  bytes: Uint8Array | undefined,
  contentType: string | undefined,
  limits: BodyLimits,
): ParsedBody | undefined {
  if (bytes === undefined || bytes.length === 0) return undefined;
  const read = (yaml: string) => [yamlToJson(yaml, limits)];
  return parseDocuments(bytes, contentType, limits, read)[0];
}

/**
 * The same for a file, which unlike a body may hold several YAML documents.
 *
 * @returns the documents that hold something; none when there is nothing but white space.
 * @throws as {@link parseResourceBody}
 */
export function parseResourceDocuments(
  bytes: Uint8Array,
  contentType: string | undefined,
  limits: BodyLimits,
): readonly ParsedBody[] {
  return parseDocuments(bytes, contentType, limits, (yaml) => yamlDocumentsToJson(yaml, limits));
}

function parseDocuments(
  bytes: Uint8Array,
  contentType: string | undefined,
  limits: BodyLimits,
  readYaml: (text: string) => readonly string[],
): readonly ParsedBody[] {
  const kind = bodyKind(contentType);
  if (bytes.length > limits.maxBytes) throw new BodyTooLarge(limits.maxBytes);
  const text = decodeUtf8(bytes);
  if (text.trim() === '') return [];
  const asJson = kind === 'yaml' ? jsonOrNothing(text, limits) : parseJson(text, limits);
  if (asJson) return [asJson];
  if (bytes.length > limits.maxYamlBytes) throw new YamlTooLarge(limits.maxYamlBytes);
  return readYaml(text).map((json) => parseTranslation(json, limits));
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new BadRequest('The body is not UTF-8', 'structure');
  }
}

/** `undefined` for a text that is YAML, if anything. */
function jsonOrNothing(text: string, limits: BodyLimits): ParsedBody | undefined {
  try {
    return parseJson(text, limits);
  } catch (error) {
    if (error instanceof BodySyntaxError) return undefined;
    throw error;
  }
}

function parseTranslation(json: string, limits: BodyLimits): ParsedBody {
  try {
    return parseJson(json, limits);
  } catch (error) {
    // Line and column would be those of the translation, which the client never saw.
    throw error instanceof BodySyntaxError ? new BadRequest(error.problem, 'structure') : error;
  }
}
