/** Characters of JSON that are written in another way on demand; as YAML they take a tenth of a second. */
export const MAX_SHORT_JSON = 131_072;
/** Spaces by which a level of YAML is moved to the right. */
const INDENT = 2;
/** Lines far to the right are what makes long YAML of short JSON. */
const MAX_SPACES = 4 * MAX_SHORT_JSON;

/** Whether JSON is written as YAML in little time: it is short, and not made of many lines at deep levels. */
export function isShort(jsonText: string): boolean {
  return jsonText.length <= MAX_SHORT_JSON && spacesOf(jsonText) <= MAX_SPACES;
}

/** Spaces that the lines of YAML begin with, where each value and each line of a text has one of its own. */
function spacesOf(jsonText: string): number {
  let [depth, lines, isText] = [0, 0, false];
  for (let at = 0; at < jsonText.length; at += 1) {
    const character = jsonText.charAt(at);
    if (character === '"') isText = !isText;
    else if (character === '\\') {
      at += 1;
      if (jsonText.charAt(at) === 'n') lines += depth;
    } else if (!isText) {
      depth += stepOf(character);
      if (BEGINS_LINE.has(character)) lines += depth;
    }
  }
  return lines * INDENT;
}

const BEGINS_LINE: ReadonlySet<string> = new Set(['{', '[', ',']);

function stepOf(character: string): number {
  if (character === '{' || character === '[') return 1;
  return character === '}' || character === ']' ? -1 : 0;
}
