import type { AnswerCheck } from '../rewriting/answer-check.js';
import { BundleCheck } from './bundle-check.js';
import type { ExpectedAnswer } from './expected-answer.js';
import { ResourceCheck } from './resource-check.js';
import type { SelfLinkTrust } from './self-link.js';

/** What ends an answer that is not the expected one; for one answer. */
export function checkOf(expected: ExpectedAnswer, trust: SelfLinkTrust): AnswerCheck {
  return expected.kind === 'resource'
    ? new ResourceCheck(expected)
    : new BundleCheck(expected, trust);
}
