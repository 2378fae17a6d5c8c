import type { JsonObject } from '../../src/policy/json.js';
import { policyId, policyOf } from './comparison/access-policies.js';
import { grants, type Grant } from './comparison/grants.js';

/** Policies of some kinds, and the grants among them that requests are to be allowed by. */
export interface Mix {
  readonly policies: readonly JsonObject[];
  readonly granted: readonly Grant[];
}

const SKEWED = 1000;

/** Speaks of half of all requests, as far as an index can tell. */
const unlinked = (at: number): JsonObject => ({
  'request-method': { $enum: at % 2 === 0 ? ['get', 'post'] : ['put', 'delete'] },
  params: { patient: '.user.data.patient' },
});

/** Speaks of every request, as far as an index can tell. */
const expression = (at: number): JsonObject => ({
  uri: `#^/fhir/Condition/c${at}$`,
  user: 'present?',
});

/** Kinds of mixes, by what is said of them in tables. */
export const MIXES: ReadonlyMap<string, (size: number) => Mix> = new Map([
  ['each for one user, role, type, method', (size) => mixOf(grants(size))],
  ['1,000 of one role, type and method', (size) => mixOf(skewed(size))],
  ['1 % unlinked', (size) => mixOf(grants(size), 100, unlinked)],
  ['10 % unlinked', (size) => mixOf(grants(size), 10, unlinked)],
  ['1 % by expression', (size) => mixOf(grants(size), 100, expression)],
  ['10 % by expression', (size) => mixOf(grants(size), 10, expression)],
]);

/** Every so many grants give way to a policy that knows no user and no role. */
function mixOf(
  granted: readonly Grant[],
  every = Number.POSITIVE_INFINITY,
  instead: (at: number) => JsonObject = unlinked,
): Mix {
  // The last of each block, so that ten policies have none of 1 %.
  const gives = (at: number) => at % every === every - 1;
  return {
    policies: granted.map((grant, at) =>
      gives(at) ? { id: policyId(at), engine: 'matcho', matcho: instead(at) } : policyOf(grant, at),
    ),
    granted: granted.filter((_, at) => !gives(at)),
  };
}

/** Only their users tell these apart. */
function skewed(size: number): readonly Grant[] {
  return grants(size).map((grant, at) =>
    at < SKEWED ? { user: `only-${at}`, role: 'role-1', type: 'Type1', method: 'get' } : grant,
  );
}
