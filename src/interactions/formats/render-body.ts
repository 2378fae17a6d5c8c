import { isLosslessNumber } from 'lossless-json';
import { Document, visit, type Scalar, type ScalarTag } from 'yaml';
import { parseExact } from './exact-json.js';
import { isShort } from './short-json.js';
import type { MediaType } from './media-type.js';

const AMBIGUOUS = /(?:^|\n)[^\S\n]*\/\/|^\s[^]*\n|[ \t]\n|\n[ \t]+$/;

const EXACT_NUMBER: ScalarTag = {
  tag: 'tag:yaml.org,2002:float',
  default: true,
  identify: isLosslessNumber,
  resolve: Number,
  stringify: ({ value }) => String(value),
};

/**
 * Writes a resource in the media type that was negotiated. JSON passes through byte for byte, and so does, for
 * YAML, what is {@link isShort not short}: JSON is YAML (YAML 1.2 §1.2).
 */
export function renderBody(jsonText: string, mediaType: MediaType): string {
  return mediaType === 'text/yaml' && isShort(jsonText) ? renderYaml(jsonText) : jsonText;
}

/**
 * The same as YAML, however long that takes. It has neither aliases nor tags, keeps decimals as written, and reads
 * back as the same JSON.
 */
export function renderYaml(jsonText: string): string {
  const document = new Document(parseExact(jsonText), {
    aliasDuplicateObjects: false,
    // Readers of YAML 1.1 would take `no` and `on` for booleans.
    compat: 'yaml-1.1',
    customTags: (tags) => [EXACT_NUMBER, ...tags],
  });
  visit(document, { Scalar: (_, node) => quoteAmbiguous(node) });
  return document.toString({ lineWidth: 0, doubleQuotedMinMultiLineLength: Infinity });
}

function quoteAmbiguous(node: Scalar): void {
  // A line of bare slashes would read back as a comment; spaces around line ends do not survive every writer.
  if (typeof node.value === 'string' && AMBIGUOUS.test(node.value)) node.type = 'QUOTE_DOUBLE';
}
