import type { FuncKeywordDefinition } from 'ajv';

/** Values of `contentEncoding` and `contentMediaType` that can be asserted. */
export const CONTENT_VALUES: ReadonlyMap<string, string> = new Map([
  ['contentEncoding', 'base64'],
  ['contentMediaType', 'application/json'],
]);

/** The content keywords as assertions: one that were only noted would allow what it speaks of. */
export const ASSERTED_CONTENT: readonly (FuncKeywordDefinition & { keyword: string })[] = [
  {
    keyword: 'contentEncoding',
    type: 'string',
    schemaType: 'string',
    errors: false,
    validate: (_encoding: string, text: string) => isBase64(text),
  },
  {
    keyword: 'contentMediaType',
    type: 'string',
    schemaType: 'string',
    errors: false,
    validate: (_type: string, text: string, parent?: Record<string, unknown>) =>
      isJson(parent?.['contentEncoding'] === undefined ? text : decodeBase64(text)),
  },
];

/** Whether a text is base64, each group of it complete. */
function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
}

function decodeBase64(text: string): string | undefined {
  if (!isBase64(text)) return undefined;
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  // Uint8Array.from() with a function takes fifty times as long.
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = binary.charCodeAt(at);
  return new TextDecoder().decode(bytes);
}

function isJson(text: string | undefined): boolean {
  if (text === undefined) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
