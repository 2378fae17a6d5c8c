import { InvalidExpression } from './fhirpath-error.js';

/** A word, a literal or a sign of an expression. */
export interface Token {
  readonly kind: 'name' | 'string' | 'number' | 'moment' | 'variable' | 'sign' | 'end';
  readonly text: string;
}

const MAX_TOKENS = 2_000;

const TOKEN = new RegExp(
  '\\s+|//[^\\n]*|' +
    "(?<string>'(?:[^'\\\\]|\\\\[^])*')|" +
    '(?<name>[A-Za-z_][A-Za-z0-9_]*)|' +
    '(?<quoted>`[^`\\\\]+`|"[^"\\\\]+")|' +
    '(?<number>[0-9]+(?:\\.[0-9]+)?)|' +
    '(?<moment>@[0-9T][0-9T:.Z+-]*)|' +
    "(?<variable>[%$](?:[A-Za-z_][A-Za-z0-9_-]*|`[^`]+`|'[^']+'))|" +
    '(?<sign><=|>=|!=|!~|[()\\[\\]{}.,+\\-*/|&=~<>])',
  'y',
);

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', f: '\f' };

/**
 * The tokens of an expression, the last of which is its end.
 *
 * @throws InvalidExpression for what is no token, and beyond 2000 tokens.
 */
export function tokensOf(expression: string): readonly Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < expression.length; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const groups = TOKEN.exec(expression)?.groups;
    if (!groups) throw new InvalidExpression(`is not understood from character ${at + 1} on`);
    const token = tokenOf(groups);
    if (token) tokens.push(token);
    if (tokens.length > MAX_TOKENS) throw new InvalidExpression('is too long');
  }
  return [...tokens, { kind: 'end', text: '' }];
}

function tokenOf(groups: Readonly<Record<string, string | undefined>>): Token | undefined {
  const { string, quoted } = groups;
  if (string !== undefined) return { kind: 'string', text: unescaped(string.slice(1, -1)) };
  if (quoted !== undefined) return { kind: 'name', text: quoted.slice(1, -1) };
  for (const kind of ['name', 'number', 'moment', 'variable', 'sign'] as const) {
    const text = groups[kind];
    if (text !== undefined) return { kind, text };
  }
  return undefined;
}

function unescaped(text: string): string {
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|([^]))/g, (_all, hex?: string, char = '') =>
    hex === undefined
      ? (ESCAPES[char as string] ?? String(char))
      : String.fromCharCode(parseInt(hex, 16)),
  );
}
