import type { AnswerPart } from './bundle-places.js';

/**
 * Follows an answer while it passes, and ends it where it is not what was asked for. It is told of the parts
 * in the order in which they come; whatever it throws ends the answer.
 */
export interface AnswerCheck {
  /** Whether what comes from here on is kept until more is known; becomes so at a beginning only. */
  readonly isHeld: boolean;
  /** An object begins. */
  begin(part: AnswerPart): void;
  /**
   * It is over.
   *
   * @param isEmpty whether it has no member
   */
  end(part: AnswerPart, isEmpty: boolean): void;
  /** A text, complete and without its escapes. */
  text(part: AnswerPart, text: string): void;
  /** A part is named twice in an object, or is neither null nor of the kind that FHIR gives it. */
  odd(part: AnswerPart): void;
  /**
   * More than 1 MiB is kept: ends the answer, wants less, or wants more; asked again with each chunk.
   *
   * @param heldBytes that are kept now
   */
  overflow(heldBytes: number): void;
}

/** Lets everything pass. */
export const UNCHECKED: AnswerCheck = {
  isHeld: false,
  begin: () => undefined,
  end: () => undefined,
  text: () => undefined,
  odd: () => undefined,
  overflow: () => undefined,
};
