import { isArray, isObject, type Json } from '../json.js';

/** The same text for values that are equal, whatever the order of their members; in time linear in their size. */
export function canonicalText(value: Json): string {
  const pieces: string[] = [];
  write(value, pieces);
  return pieces.join('');
}

/** Piece by piece: what is written of a part is not copied once more for each level above it. */
function write(value: Json, pieces: string[]): void {
  if (isArray(value)) {
    pieces.push('[');
    for (const item of value) {
      write(item, pieces);
      pieces.push(',');
    }
    pieces.push(']');
  } else if (isObject(value)) {
    pieces.push('{');
    for (const [name, member] of Object.entries(value).sort(byName)) {
      pieces.push(JSON.stringify(name), ':');
      write(member, pieces);
      pieces.push(',');
    }
    pieces.push('}');
  } else {
    pieces.push(JSON.stringify(value));
  }
}

function byName([one]: [string, Json], [other]: [string, Json]): number {
  return one < other ? -1 : 1;
}
