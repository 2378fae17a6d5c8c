import type { FhirError } from '../../errors/fhir-error.js';
import { failedEntry, responseEntry } from '../../interactions/bundle/entry-response.js';
import { anotherResource } from '../checking/answer-mismatch.js';
import { failureOf } from '../passing/answer-headers.js';
import { ChangeUnconfirmed } from '../upstream/upstream-errors.js';
import { CreatedMeanwhile, isNothingCreated } from './created-meanwhile.js';
import type { EntryMember, EntryVerdict } from './held-entry.js';
import { isPaged } from './paged-entries.js';
import type { SentEntry } from './prepared-bundle.js';

/** Which resource an entry may be answered with; one that fails may be with an OperationOutcome. */
interface Expected {
  readonly type: string;
  /** Undefined for something new. */
  readonly id: string | undefined;
}

/**
 * Judges the answer to an entry: as of single answers, what the upstream says of its own failures does not
 * pass, nor does another resource than was asked for, which shows that answers are out of order.
 */
export class SentEntryVerdict implements EntryVerdict {
  private readonly expected: Expected;
  private failure: FhirError | undefined;
  private isDone = false;
  private isOutcome = false;
  private isOther = false;

  /** @param sent which it answers */
  constructor(readonly sent: SentEntry) {
    this.expected = expectedOf(sent);
  }

  hear(member: EntryMember, text: string): void {
    switch (member) {
      case 'status':
        this.hearStatus(Number.parseInt(text, 10));
        return;
      case 'resourceType':
        this.isOutcome ||= text === 'OperationOutcome';
        this.isOther ||= text !== this.expected.type;
        return;
      case 'id':
        this.isOther ||= this.expected.id !== undefined && text !== this.expected.id;
        return;
    }
  }

  /** Whether it may be refused, as far as is known. */
  get mayBeRefused(): boolean {
    return !this.isDone;
  }

  get instead(): string | undefined {
    // What is written may be answered so; a search or history that went well is a Bundle.
    const mayBeOutcome = this.mayBeRefused || !isPaged(this.sent.entry);
    const isPossible = !this.isOther || (this.isOutcome && mayBeOutcome);
    const failure = this.failure ?? (isPossible ? undefined : this.outOfOrder());
    return failure && responseEntry(failedEntry(failure));
  }

  private outOfOrder(): FhirError {
    const other = anotherResource();
    return this.sent.entry.method === 'GET' ? other : new ChangeUnconfirmed(other);
  }

  private hearStatus(status: number): void {
    this.isDone ||= status >= 200 && status < 300;
    this.failure ??= this.failureOf(status);
  }

  private failureOf(status: number): FhirError | undefined {
    const isLost = this.sent.isUpdate && isNothingCreated(status);
    return isLost ? new CreatedMeanwhile() : failureOf(status);
  }
}

function expectedOf({ entry }: SentEntry): Expected {
  const { type, address } = entry;
  return isPaged(entry) ? { type: 'Bundle', id: undefined } : { type: type.name, id: address.id };
}
