/** What is wrong with one variable. */
export interface ConfigProblem {
  readonly variable: string;
  /** As it was set; absent when it is a secret or was not set. */
  readonly value?: string;
  /** What is allowed, or what to do instead. */
  readonly expected: string;
}

/** The settings do not allow a start; names every problem and no secret. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(readonly problems: readonly ConfigProblem[]) {
    super(['The settings are not valid:', ...problems.map(sentence)].join('\n'));
  }
}

function sentence({ variable, value, expected }: ConfigProblem): string {
  const subject = value === undefined ? variable : `${variable} is ${JSON.stringify(value)}`;
  return `- ${subject}: ${expected}`;
}
