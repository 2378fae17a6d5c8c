import { BadRequest, BodyTooLarge } from '../../errors/fhir-error.js';
import type { BodyLimits } from './body-limits.js';
import { bodyKind } from './body-media-type.js';
import { BodySyntaxError, YamlTooLarge } from './format-errors.js';
import type { ParsedBody } from './json.js';
import { parseJson } from './parse-json.js';
import { yamlToJson } from './yaml-to-json.js';

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
  const kind = bodyKind(contentType);
  if (bytes.length > limits.maxBytes) throw new BodyTooLarge(limits.maxBytes);
  const text = decodeUtf8(bytes);
  if (text.trim() === '') return undefined;
  return kind === 'yaml' ? parseYaml(text, bytes.length, limits) : parseJson(text, limits);
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new BadRequest('The body is not UTF-8', 'structure');
  }
}

function parseYaml(text: string, size: number, limits: BodyLimits): ParsedBody {
  try {
    return parseJson(text, limits);
  } catch (error) {
    if (!(error instanceof BodySyntaxError)) throw error;
  }
  if (size > limits.maxYamlBytes) throw new YamlTooLarge(limits.maxYamlBytes);
  return parseTranslation(yamlToJson(text, limits), limits);
}

function parseTranslation(json: string, limits: BodyLimits): ParsedBody {
  try {
    return parseJson(json, limits);
  } catch (error) {
    // Line and column would be those of the translation, which the client never saw.
    throw error instanceof BodySyntaxError ? new BadRequest(error.problem, 'structure') : error;
  }
}
