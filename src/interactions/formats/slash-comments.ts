const COMMENT = /^\s*\/\//;
const BLOCK_SCALAR = /(?:^|[\s:?-])[|>](?:[+-]?[1-9]?|[1-9][+-])\s*(?:\s#.*)?$/;
const QUOTE = /(?:^\s*(?:[?-]\s+)*|[[{,:]\s*)(["'])/g;
const END_OF_QUOTED = { '"': /(?:[^"\\]|\\.)*?"/y, "'": /(?:[^']|'')*?'(?!')/y };

type Quote = keyof typeof END_OF_QUOTED;

/**
 * Empties the whole lines of a YAML text that begin with `//`, so that line numbers stay.
 *
 * Lines of block scalars and of quoted strings that run over several lines are text, not comments.
 * Where that cannot be told the line is kept: an error is better than a text cut short.
 */
export function withoutSlashComments(text: string): string {
  if (!text.includes('//')) return text;
  const state = new LineState();
  return text
    .split('\n')
    .map((line) => (state.isComment(line) ? '' : line))
    .join('\n');
}

class LineState {
  private blockIndent: number | undefined;
  private quote: Quote | undefined;

  /** Takes the lines in their order. */
  isComment(line: string): boolean {
    if (this.quote !== undefined) {
      this.readQuoted(line, 0, this.quote);
      return false;
    }
    if (this.isWithinBlock(line)) return false;
    if (COMMENT.test(line)) return true;
    this.readStructure(line, 0);
    return false;
  }

  private isWithinBlock(line: string): boolean {
    if (this.blockIndent === undefined) return false;
    if (line.trim() === '' || indentOf(line) > this.blockIndent) return true;
    this.blockIndent = undefined;
    return false;
  }

  private readStructure(line: string, from: number): void {
    QUOTE.lastIndex = from;
    const opening = QUOTE.exec(line);
    if (opening) {
      this.readQuoted(line, QUOTE.lastIndex, opening[1] as Quote);
    } else if (BLOCK_SCALAR.test(line.slice(from).replace(/\r$/, ''))) {
      this.blockIndent = parentIndent(line);
    }
  }

  private readQuoted(line: string, from: number, quote: Quote): void {
    const end = END_OF_QUOTED[quote];
    end.lastIndex = from;
    const isClosed = end.test(line);
    this.quote = isClosed ? undefined : quote;
    if (isClosed) this.readStructure(line, end.lastIndex);
  }
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

/** The column that the text of a block scalar must lie beyond, by the line that holds its `|` or `>`. */
function parentIndent(line: string): number {
  const lead = /^\s*(?:- +)*/.exec(line)?.[0] ?? '';
  const isKeyed = !/^(?:[&!]\S* +)*[|>]/.test(line.slice(lead.length));
  if (isKeyed) return lead.length;
  return lead.includes('-') ? lead.lastIndexOf('-') : lead.length - 1;
}
