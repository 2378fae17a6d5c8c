import { literalOf, type RegexNode } from './regex-syntax.js';

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
