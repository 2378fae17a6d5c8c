import type { AnswerCheck } from '../rewriting/answer-check.js';
import type { AnswerPart } from '../rewriting/bundle-places.js';
import { LARGEST_RESOURCE_BYTES } from '../upstream/largest-resource.js';
import { anotherBundle, anotherEntry, criteriaUnknown, typeTooLate } from './answer-mismatch.js';
import { EntryCheck } from './entry-check.js';
import type { ExpectedBundle } from './expected-answer.js';
import { assertSearchedBy, isCompared, type SelfLinkTrust } from './self-link.js';

const OUTCOME = 'OperationOutcome';

/**
 * Ends a searchset or history that is not what was asked for: another Bundle, an entry of a type that nobody
 * decided on, or a search that was carried out without some of its criteria. Each entry is kept until the type
 * of its resource is known, and all of them until it is known by what was searched.
 */
export class BundleCheck implements AnswerCheck {
  private type: string | undefined;
  private kind: string | undefined;
  private relation: string | undefined;
  private url: string | undefined;
  private entry: EntryCheck | undefined;
  private outcomeType: string | undefined;
  private isSearchUnknown: boolean;
  /** Whether it has what a Bundle has. */
  private hasMembers = false;

  constructor(
    private readonly expected: ExpectedBundle,
    private readonly trust: SelfLinkTrust,
  ) {
    const { criteria } = expected;
    this.isSearchUnknown = criteria !== undefined && isCompared(criteria, trust);
  }

  get isHeld(): boolean {
    return this.isSearchUnknown || (this.entry !== undefined && !this.isEntryKnown());
  }

  begin(part: AnswerPart): void {
    if (part !== 'answer') this.hasMembers = true;
    if (part === 'link') this.relation = this.url = undefined;
    else if (part === 'entry') this.entry = new EntryCheck(this.expected);
    else if (part === 'entry.resource') this.entry?.withResource();
    else if (part === 'entry.outcome') this.outcomeType = undefined;
  }

  /** @throws UpstreamFailed 502 where a part that is over lacks what tells that it was asked for */
  end(part: AnswerPart): void {
    if (part === 'answer') this.assertBundle();
    else if (part === 'link') this.endLink();
    else if (part === 'entry') this.endEntry();
    else if (part === 'entry.outcome' && this.outcomeType !== OUTCOME) {
      throw anotherEntry();
    }
  }

  /** @throws UpstreamFailed 502 for what was not asked for */
  text(part: AnswerPart, text: string): void {
    if (part === 'answer.resourceType') this.type = this.possible(text);
    else if (part === 'answer.type') this.kind = this.same(text, this.expected.kind);
    else if (part === 'link.relation') this.relation = text;
    else if (part === 'link.url') this.url = text;
    else this.entryText(part, text);
  }

  /** @throws UpstreamFailed 502, since readers may differ in what they take of it */
  odd(): void {
    throw anotherBundle(this.expected.kind);
  }

  /** @throws UpstreamFailed 502 where the largest resource would be known by now */
  overflow(heldBytes: number): void {
    if (this.trust !== 'required') this.isSearchUnknown = false;
    if (!this.isHeld || heldBytes <= LARGEST_RESOURCE_BYTES) return;
    throw this.isSearchUnknown ? criteriaUnknown() : typeTooLate();
  }

  private entryText(part: AnswerPart, text: string): void {
    if (part === 'entry.resource.resourceType') this.entry?.ofType(text);
    else if (part === 'entry.resource.id') this.entry?.withId(text);
    else if (part === 'entry.search.mode') this.entry?.inMode(text);
    else if (part === 'entry.outcome.resourceType') this.outcomeType = text;
  }

  private possible(type: string): string {
    const isOutcome = type === OUTCOME && this.expected.orOutcome === true;
    return isOutcome ? type : this.same(type, 'Bundle');
  }

  private same(text: string, expected: string): string {
    if (text !== expected) throw anotherBundle(this.expected.kind);
    return text;
  }

  private endEntry(): void {
    this.entry?.end();
    this.entry = undefined;
  }

  private isEntryKnown(): boolean {
    return this.entry?.isKnown === true;
  }

  private endLink(): void {
    if (this.relation !== 'self' || this.url === undefined) return;
    const { criteria } = this.expected;
    if (criteria) assertSearchedBy(this.url, criteria, this.trust);
    this.isSearchUnknown = false;
  }

  private assertBundle(): void {
    if (this.type === OUTCOME && this.kind === undefined && !this.hasMembers) {
      this.isSearchUnknown = false;
      return;
    }
    if (this.type !== 'Bundle' || this.kind === undefined) {
      throw anotherBundle(this.expected.kind);
    }
    if (this.isSearchUnknown && this.trust === 'required') throw criteriaUnknown();
    this.isSearchUnknown = false;
  }
}
