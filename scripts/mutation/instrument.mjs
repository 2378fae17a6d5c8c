/**
 * Writes all mutants into a text, each behind a switch: `__isMutant(id)`. With none switched on the text means
 * what it meant.
 *
 * @param {string} text
 * @param {readonly import('./mutants.mjs').Mutant[]} mutants of this text
 * @param {number} base the id of the first of them
 * @returns {string} TypeScript on the same lines as before
 */
export function instrument(text, mutants, base) {
  const insertions = [...groups(mutants, base).values()].flatMap(switchesOf);
  insertions.sort(byPlace);
  let result = '';
  let from = 0;
  for (const { at, code } of insertions) {
    result += text.slice(from, at) + code;
    from = at;
  }
  return result + text.slice(from);
}

/** What shares a form and a range shares its parentheses. */
function groups(mutants, base) {
  const found = new Map();
  for (const [index, mutant] of mutants.entries()) {
    const key = `${mutant.form} ${String(mutant.start)} ${String(mutant.end)}`;
    found.set(key, [...(found.get(key) ?? []), { ...mutant, id: base + index }]);
  }
  return found;
}

function switchesOf(group) {
  const [{ form, start, end }] = group;
  const opening = (code) => ({ at: start, code, length: end - start, closes: false });
  const ifActive = ({ id }) => `__isMutant(${String(id)})`;
  if (form === 'statement') {
    return group.map((mutant) => opening(`if (${ifActive(mutant)}) {} else `));
  }
  if (form === 'entry') {
    return group.map((mutant) => opening(`if (${ifActive(mutant)}) ${mutant.replacement} `));
  }
  const choices = group.map((mutant) => `${ifActive(mutant)} ? (${mutant.replacement}) : `);
  return [
    opening(`(${choices.join('')}(`),
    { at: end, code: '))', length: end - start, closes: true },
  ];
}

/** At one place the inner closes before the outer, and the outer opens before the inner. */
function byPlace(one, other) {
  if (one.at !== other.at) return one.at - other.at;
  if (one.closes !== other.closes) return one.closes ? -1 : 1;
  return one.closes ? one.length - other.length : other.length - one.length;
}
