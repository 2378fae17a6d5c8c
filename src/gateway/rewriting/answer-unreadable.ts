/** What the upstream sent is not the JSON that it should be. */
export class AnswerUnreadable extends Error {
  /** @param why for the log, without anything of the answer */
  constructor(why: string) {
    super(`The answer of the upstream cannot be read: ${why}`);
    this.name = 'AnswerUnreadable';
  }
}
