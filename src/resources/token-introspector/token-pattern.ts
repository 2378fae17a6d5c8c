import { compileRegex } from '../../policy/matcho/regex.js';
import { UnsupportedRegex } from '../../policy/matcho/regex-syntax.js';

/** `token_pattern`, compiled: which tokens are an endpoint's to judge. */
export interface TokenPattern {
  readonly source: string;
  /** Whether the expression is found anywhere in the token. */
  readonly finds: (token: string) => boolean;
}

// Tokens are long and anybody may send them; what a pattern costs is this times their length.
const MAX_STATES = 600;

/** Why an expression cannot be a `token_pattern`; undefined when it can. */
export function tokenPatternIssue(source: string): string | undefined {
  try {
    const { states } = compileRegex(source);
    return states > MAX_STATES
      ? 'the expression is too large once its repetitions are written out'
      : undefined;
  } catch (error) {
    if (error instanceof UnsupportedRegex) return error.message;
    throw error;
  }
}

/** The pattern of a stored resource. One that cannot be judged finds no token: none is sent out. */
export function tokenPattern(source: string): TokenPattern {
  if (tokenPatternIssue(source) !== undefined) return { source, finds: () => false };
  const expression = compileRegex(source);
  return { source, finds: (token) => expression.test(token) === true };
}
