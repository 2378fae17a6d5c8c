import type { Spelling } from './matcho/regex-spelling.js';

/** Letters of a name that have to be spelled out: the shortest types have as many. */
const LETTERS = 4;
/** Of a path that is of no named type, whatever follows. */
const OPEN = '?';
/** Before what is spelled out from the beginning of the text. */
const BEGINNING = '^';
const FHIR = '/fhir/';
const OPERATION_PREFIX = 'fhir';

/**
 * A path names its type, which is its first step after `/` or `/fhir/`: what comes later, as an id, is chosen
 * by who sends it. A step that begins with `$` is no type.
 */
export const PATH_SPELLING: Spelling = {
  start: '',
  open: OPEN,
  after(path, character) {
    if (path === OPEN) return OPEN;
    const longer = path + character;
    if (FHIR.startsWith(longer)) return longer;
    const step = longer.slice(longer.startsWith(FHIR) ? FHIR.length : 1);
    const isNamed = step.length >= LETTERS || step.startsWith('$') || step.endsWith('/');
    return isNamed ? undefined : longer;
  },
  isWhole: (path) => path !== OPEN,
};

/** A type is named by any letters of it that stand together. */
export const TYPE_SPELLING: Spelling = {
  start: BEGINNING,
  open: '',
  after(letters, letter) {
    const more = letters + letter;
    return more.replace(BEGINNING, '').length >= LETTERS ? undefined : more;
  },
  isWhole: (letters) => letters.startsWith(BEGINNING),
};

/** An operation likewise, but for the `Fhir` that most begin with. */
export const OPERATION_SPELLING: Spelling = {
  ...TYPE_SPELLING,
  after(letters, letter) {
    if (letters + letter === BEGINNING + OPERATION_PREFIX) return BEGINNING;
    return TYPE_SPELLING.after(letters, letter);
  },
};
