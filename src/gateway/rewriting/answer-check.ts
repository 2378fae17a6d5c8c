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
  /** It is over. */
  end(part: AnswerPart): void;
  /** A text, complete and without its escapes. */
  text(part: AnswerPart, text: string): void;
  /** A part is named twice in an object, or is neither null nor of the kind that FHIR gives it. */
  odd(part: AnswerPart): void;
  /** As much is kept as may be: ends the answer, or wants less; asked again after as much again. */
  overflow(): void;
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
