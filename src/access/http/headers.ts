import { LRUCache } from 'lru-cache';

/** Headers by lower-case name. */
export type Headers = Readonly<Record<string, string | readonly string[]>>;

/** More names than honest clients send; those that others make up go first. */
const MAX_NAMES = 1000;

/**
 * The headers under their names in lower case, each with the value that `show` gives it; without those to
 * which it gives none.
 */
export function mapHeaders(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
  show: (name: string, value: string | readonly string[]) => string | readonly string[] | undefined,
): Headers {
  const shown: Record<string, string | readonly string[]> = {};
  for (const name of Object.keys(headers)) {
    const sent = headers[name];
    // Assigning to it would change what the object inherits; nobody needs a header of that name.
    if (sent === undefined || name === '__proto__') continue;
    const lowerCase = name.toLowerCase();
    const value = show(lowerCase, sent);
    if (value !== undefined) shown[lowerCase] = value;
  }
  return shown;
}

/** The same question about header names, asked once of each: clients send the same few over and over. */
export function rememberedByName(ask: (name: string) => boolean): (name: string) => boolean {
  const answers = new LRUCache<string, boolean>({ max: MAX_NAMES });
  return (name) => {
    const known = answers.get(name);
    if (known !== undefined) return known;
    const answer = ask(name);
    answers.set(name, answer);
    return answer;
  };
}
