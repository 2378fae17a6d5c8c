import { anotherEntry } from './answer-mismatch.js';
import type { ExpectedBundle } from './expected-answer.js';

const OUTCOME = 'OperationOutcome';

/** Whether one entry of a Bundle is among what was asked for; told of its parts as they come. */
export class EntryCheck {
  private type: string | undefined;
  private id: string | undefined;
  private mode: string | undefined;
  private hasResource = false;

  constructor(private readonly expected: ExpectedBundle) {}

  /** Whether its resource is known to be of those that may be answered. */
  get isKnown(): boolean {
    if (this.type === undefined) return false;
    return this.type === OUTCOME || this.expected.id === undefined || this.id !== undefined;
  }

  /** It has a resource, whatever that is. */
  withResource(): void {
    this.hasResource = true;
  }

  /** @throws UpstreamFailed 502 for a resource of a type that was not asked for */
  ofType(type: string): void {
    this.type = type;
    this.assertPossible();
  }

  /** @throws UpstreamFailed 502 for another resource than the one whose history it is */
  withId(id: string): void {
    this.id = id;
    this.assertPossible();
  }

  /** @throws UpstreamFailed 502 for a mode that such a resource cannot have (FHIR R4, SearchEntryMode) */
  inMode(mode: string): void {
    this.mode = mode;
    this.assertPossible();
  }

  /**
   * The entry is over.
   *
   * @throws UpstreamFailed 502 where it has no resource; in a history, that tells of a deletion
   */
  end(): void {
    if (this.hasResource ? !this.isKnown : this.expected.kind === 'searchset') throw anotherEntry();
  }

  private assertPossible(): void {
    const { id } = this.expected;
    if (this.type !== undefined && !this.isPossible(this.type)) throw anotherEntry();
    if (id === undefined || this.type === undefined || this.type === OUTCOME) return;
    if (this.id !== undefined && this.id !== id) throw anotherEntry();
  }

  private isPossible(type: string): boolean {
    const { types, included = [] } = this.expected;
    switch (this.mode) {
      case 'match':
        return types.includes(type);
      case 'include':
        return types.includes(type) || included.includes(type);
      case 'outcome':
        return type === OUTCOME;
      case undefined:
        return type === OUTCOME || types.includes(type) || included.includes(type);
      default:
        return false;
    }
  }
}
