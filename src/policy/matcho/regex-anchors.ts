import { parseRegex } from './regex-parser.js';
import type { RegexNode } from './regex-syntax.js';

/** Whether a regular expression can only find a text that begins, or ends, where the subject does. */
export interface Anchors {
  readonly start: boolean;
  readonly end: boolean;
}

/** @throws UnsupportedRegex for an expression that {@link compileRegex} refuses. */
export function anchorsOf(source: string): Anchors {
  const node = parseRegex(source);
  return { start: isAnchored(node, 'text-start'), end: isAnchored(node, 'text-end') };
}

function isAnchored(node: RegexNode, boundary: 'text-start' | 'text-end'): boolean {
  switch (node.kind) {
    case 'boundary':
      return node.boundary === boundary;
    case 'concat':
      // Anywhere in a sequence will do: what comes before a beginning can only be empty.
      return node.parts.some((part) => isAnchored(part, boundary));
    case 'choice':
      return node.options.every((option) => isAnchored(option, boundary));
    case 'repeat':
      return node.min > 0 && isAnchored(node.node, boundary);
    case 'look':
      return !node.negative && isAnchored(node.node, boundary);
    case 'atom':
      return false;
  }
}
