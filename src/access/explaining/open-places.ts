import { childrenOf, pathsOf, type Pattern } from '../../policy/matcho/pattern.js';
import type { Policy, Rule } from '../../policy/policy.js';

/** What the question settles; everything else about a request is open. */
const SETTLED: ReadonlySet<string> = new Set([
  ...['user', 'client', 'role', 'session', 'operation', 'request-method'],
]);

const ASKING = new WeakMap<Policy, boolean>();

/** Whether a question that names caller, operation and type says what stands at a place of the request. */
export function isSettled([first = '', second]: readonly string[]): boolean {
  return SETTLED.has(first) || (first === 'params' && second === 'resource/type');
}

/**
 * Whether the policy looks at anything that such a question leaves open, be it only to compare with: it may then
 * hold for another request of the kind, wherever it fails for this one. In doubt it does.
 */
export function asksWhatIsOpen(policy: Policy): boolean {
  const known = ASKING.get(policy);
  if (known !== undefined) return known;
  const asks = looksAtOpen(policy);
  ASKING.set(policy, asks);
  return asks;
}

function looksAtOpen(rule: Rule): boolean {
  switch (rule.engine) {
    case 'allow':
      return false;
    case 'matcho':
      return isOpen(rule.pattern);
    case 'complex':
      return rule.rules.some(looksAtOpen);
    case 'json-schema':
    case 'sql':
    case 'matcho-rpc':
    case 'allow-rpc':
      return true;
  }
}

function isOpen(pattern: Pattern): boolean {
  const places = [...placesOf(pattern, [])];
  return ![...places, ...pathsOf(pattern).map(({ path }) => path)].every(isSettled);
}

/** Where the pattern tests something. */
function* placesOf(pattern: Pattern, at: readonly string[]): Generator<readonly string[]> {
  if (pattern.kind === 'members') {
    for (const [step, member] of pattern.members) yield* placesOf(member, [...at, String(step)]);
    return;
  }
  yield at;
  for (const part of childrenOf(pattern)) yield* placesOf(part, at);
}
