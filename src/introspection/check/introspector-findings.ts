import type { ActiveIntrospection } from '../introspection.js';
import type { CheckStep } from './check-step.js';
import type { TokenView } from './token-view.js';

/** What a check of an introspector found, as far as tokens go. */
export interface IntrospectorFindings {
  readonly steps: readonly CheckStep[];
  /** Of the token that was tried, when it could be read. */
  readonly token?: Partial<TokenView>;
  /** What a request with the token would be authenticated by; undefined when a step failed. */
  readonly vouched?: ActiveIntrospection;
}
