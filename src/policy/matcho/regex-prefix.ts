import type { RegexNode } from './regex-syntax.js';

/** A character that stands for itself, as the parser writes it for RE2. */
const LITERAL = /^(?:([A-Za-z0-9])|\\x\{([0-9a-f]+)\})$/;

/**
 * The text that every match of an expression begins with, at the start of the subject.
 *
 * @returns an empty text for an expression that is not anchored, or begins with anything but characters.
 */
export function literalPrefix(node: RegexNode): string {
  if (node.kind === 'choice' && node.options.length === 1) {
    return node.options.map(literalPrefix).join('');
  }
  const [anchor, ...parts] = node.kind === 'concat' ? node.parts : [];
  if (anchor?.kind !== 'boundary' || anchor.boundary !== 'text-start') return '';
  let prefix = '';
  for (const part of parts) {
    const character = literalOf(part);
    if (character === undefined) break;
    prefix += character;
  }
  return prefix;
}

function literalOf(node: RegexNode): string | undefined {
  if (node.kind !== 'atom' || node.flags.includes('i')) return undefined;
  const [, plain, code] = LITERAL.exec(node.source) ?? [];
  return code === undefined ? plain : String.fromCodePoint(Number.parseInt(code, 16));
}
