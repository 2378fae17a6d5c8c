import type { AccessRequest } from './access-request.js';
import { activated } from './activated.js';
import { evaluationOf, type Evaluation } from './decide.js';
import type { Mismatch } from './matcho/match.js';
import type { Policy } from './policy.js';

/** A request that policies are tried on, completed as the server would complete it. */
export interface CompletedRequest {
  readonly request: AccessRequest;
  /** Whether a policy that allows it must speak of administration. */
  readonly isAdministration: boolean;
}

/** What a policy does with a request, where that is not what is expected. */
export interface TestFailure {
  /** Plain words: what was expected, and what came. */
  readonly message: string;
  /** Where the rule first fails, if that is why. */
  readonly mismatch?: Mismatch;
}

const MAX_SHOWN = 200;

/**
 * Whether the policy alone, once active, does with the request what is expected.
 *
 * @returns `undefined` when it does.
 */
export function testFailure(
  policy: Policy,
  { request, isAdministration }: CompletedRequest,
  expect: 'allow' | 'deny',
): TestFailure | undefined {
  const evaluation = evaluationOf(activated(policy), request, isAdministration);
  const isAllowed = evaluation.outcome === 'holds';
  if (isAllowed === (expect === 'allow')) return undefined;
  if (isAllowed) return { message: 'expected deny, but the policy allows the request' };
  const message = `expected allow, but ${denialOf(evaluation)}`;
  return evaluation.outcome === 'fails' ? { message, mismatch: evaluation.mismatch } : { message };
}

function denialOf(evaluation: Evaluation): string {
  switch (evaluation.outcome) {
    case 'holds':
      return 'the policy allows the request';
    case 'inapplicable':
      return `the policy does not apply: its ${evaluation.reason} does not fit the request`;
    case 'fails':
      return mismatchText(evaluation.mismatch);
    case 'error':
      return `the policy cannot be evaluated: ${shortened(evaluation.error)}`;
    case 'not-administrative':
      return 'the request is administration, of which the policy does not speak';
  }
}

function mismatchText({ path, expected, but }: Mismatch): string {
  const place = path.length === 0 ? 'the request' : path.join('.');
  const got = but === null ? 'nothing' : shortened(JSON.stringify(but));
  return `at ${place} it wants ${shortened(JSON.stringify(expected))} and gets ${got}`;
}

function shortened(text: string): string {
  return text.length <= MAX_SHOWN ? text : `${text.slice(0, MAX_SHOWN)}…`;
}
