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
    validate: (_encoding: string, text: string) => decodeBase64(text) !== undefined,
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

function decodeBase64(text: string): string | undefined {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0) return undefined;
  const bytes = Uint8Array.from(atob(text), (byte) => byte.charCodeAt(0));
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
