import { literalSource, UnsupportedRegex, type RegexReader } from './regex-syntax.js';

const HORIZONTAL = '\\t \\x{a0}\\x{1680}\\x{180e}\\x{2000}-\\x{200a}\\x{202f}\\x{205f}\\x{3000}';
const VERTICAL = '\\n\\x{b}\\f\\r\\x{85}\\x{2028}\\x{2029}';

const CONTROLS: ReadonlyMap<string, string> = new Map([
  ['t', '\\t'],
  ['n', '\\n'],
  ['r', '\\r'],
  ['f', '\\f'],
  ['a', '\\x{7}'],
  ['e', '\\x{1b}'],
]);

/** Java's names of POSIX classes, which RE2 knows in brackets only. */
const POSIX: ReadonlySet<string> = new Set(
  'Lower Upper ASCII Alpha Digit Alnum Punct Graph Print Blank Cntrl XDigit Space'.split(' '),
);

/**
 * The escape after a backslash that stands for one code point, as RE2 source.
 *
 * @param inClass whether it stands between brackets.
 * @throws UnsupportedRegex for what RE2 lacks or reads differently from Java.
 */
export function readEscape(reader: RegexReader, inClass: boolean): string {
  const coded = readCodePoint(reader);
  if (coded !== undefined) return coded;

  const letter = reader.next();
  if (letter === 'p' || letter === 'P') return readProperty(reader, letter === 'P', inClass);
  if ('dDwWsS'.includes(letter)) return `\\${letter}`;
  if ('hHvV'.includes(letter)) return spaceClass(letter, inClass);
  if (/[A-Za-z0-9]/.test(letter)) throw new UnsupportedRegex(refusalOf(letter));
  return literalSource(letter);
}

/** A bracket expression after its `[`, as RE2 source. */
export function readClass(reader: RegexReader): string {
  const negated = reader.take('^') ? '^' : '';
  if (reader.peek() === ']') throw new UnsupportedRegex('an empty or leading "]" in brackets: \\]');
  let items = '';
  while (!reader.take(']')) {
    if (reader.take('&&')) throw new UnsupportedRegex('intersections (&&) are not supported');
    if (reader.take('[')) throw new UnsupportedRegex('"[" inside brackets is ambiguous: write \\[');
    items += readClassItem(reader);
  }
  return `[${negated}${items}]`;
}

function readClassItem(reader: RegexReader): string {
  if (reader.take('\\')) return readEscape(reader, true);
  if (reader.take('-')) return '-';
  return literalSource(reader.next());
}

function readCodePoint(reader: RegexReader): string | undefined {
  const hex = reader.takeMatch(/(?:x\{([0-9A-Fa-f]{1,6})\}|x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4}))/y);
  if (hex) return `\\x{${hex[1] ?? hex[2] ?? hex[3]}}`;
  const [, control] = reader.takeMatch(/c([A-Za-z])/y) ?? [];
  if (control) return `\\x{${(control.toUpperCase().charCodeAt(0) ^ 64).toString(16)}}`;
  const letter = CONTROLS.get(reader.peek());
  if (letter !== undefined) reader.next();
  return letter;
}

function readProperty(reader: RegexReader, negated: boolean, inClass: boolean): string {
  const match = reader.takeMatch(/\{(\^?)(?:Is|script=|sc=)?([A-Za-z_]{1,40})\}|([A-Z])/y);
  if (!match) throw new UnsupportedRegex('\\p needs a class, like \\p{L} or \\p{Alpha}');
  const name = match[2] ?? match[3] ?? '';
  const not = negated !== (match[1] === '^');
  if (!POSIX.has(name)) return `\\${not ? 'P' : 'p'}{${name}}`;
  const posix = `[:${not ? '^' : ''}${name.toLowerCase()}:]`;
  return inClass ? posix : `[${posix}]`;
}

function spaceClass(letter: string, inClass: boolean): string {
  const items = letter.toLowerCase() === 'h' ? HORIZONTAL : VERTICAL;
  const negated = letter === 'H' || letter === 'V';
  if (!inClass) return `[${negated ? '^' : ''}${items}]`;
  if (negated) throw new UnsupportedRegex(`\\${letter} cannot stand inside brackets`);
  return items;
}

function refusalOf(letter: string): string {
  return /[1-9k]/.test(letter)
    ? 'back references cannot be matched in linear time'
    : `the escape \\${letter} is not supported`;
}
