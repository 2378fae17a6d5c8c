import { UnusableProfile } from './profile-node.js';

/** Definitions that are looked for to read one profile, the same one each time that it is. */
const MAX_LOOKUPS = 2_000;
/** Characters of a canonical URL by which definitions are looked for. */
const MAX_CANONICAL = 2_000;
/** Elements of profiles and codes of value sets that are held, some hundred bytes each; URLs by their length. */
export const MAX_WEIGHT = 500_000;

/** A definition, in whichever version. @param canonical URL with or without a version */
export function definitionKey(type: string, canonical: string): string {
  return `${type}|${canonical.split('|')[0] ?? ''}`;
}

/** Bounds what is read for one profile: those who write definitions decide what they lead to. */
export class ReadingLimits {
  /** The definitions that were looked for, by {@link definitionKey}. */
  readonly lookups = new Set<string>();
  private left = MAX_LOOKUPS;
  private held = 1;

  /** How much memory it takes: elements and codes. */
  get weight(): number {
    return this.held;
  }

  /**
   * @returns false for a URL that is too long to be looked for
   * @throws UnusableProfile once it was too often
   */
  mayLookFor(type: string, canonical: string): boolean {
    if (canonical.length > MAX_CANONICAL) return false;
    this.left -= 1;
    if (this.left < 0) throw new UnusableProfile(`needs more than ${MAX_LOOKUPS} definitions`);
    this.lookups.add(definitionKey(type, canonical));
    this.hold(canonical, 0);
    return true;
  }

  /**
   * @param url by which it is held
   * @param parts elements or codes
   * @throws UnusableProfile for what is too much to be held
   */
  hold(url: string, parts: number): void {
    this.held += 1 + url.length / 100 + parts;
    if (this.held <= MAX_WEIGHT) return;
    throw new UnusableProfile(`needs more than ${MAX_WEIGHT} elements and codes`);
  }
}
