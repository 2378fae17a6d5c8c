/** What one policy of the comparison allows: one user, in one role, one method on one type. */
export interface Grant {
  readonly user: string;
  readonly role: string;
  readonly type: string;
  readonly method: string;
}

const USERS = 1000;
const ROLES = 100;
const TYPES = 25;
const METHODS = ['get', 'post', 'put', 'delete'];
const QUESTIONS = 256;

/** Distinct grants spread over all users, roles, types and methods; the same ones each time. */
export function grants(count: number): readonly Grant[] {
  const random = new Random(1);
  const found = new Map<string, Grant>();
  while (found.size < count) {
    const grant = anyGrant(random);
    found.set(keyOf(grant), grant);
  }
  return [...found.values()];
}

/** Questions to which the answer is yes, evenly from first to last grant, in no order. */
export function allowedBy(granted: readonly Grant[]): readonly Grant[] {
  const random = new Random(2);
  return Array.from({ length: QUESTIONS }, () => ({ ...one(granted, random) }));
}

/** Questions that differ from a grant in the user only, or in the role, and are not granted. */
export function deniedBy(granted: readonly Grant[]): readonly Grant[] {
  const random = new Random(3);
  const known = new Set(granted.map(keyOf));
  const found: Grant[] = [];
  while (found.length < QUESTIONS) {
    const { user, role } = anyGrant(random);
    const other = found.length % 2 === 0 ? { user } : { role };
    const question = { ...one(granted, random), ...other };
    if (!known.has(keyOf(question))) found.push(question);
  }
  return found;
}

function anyGrant(random: Random): Grant {
  return {
    user: `user-${random.below(USERS)}`,
    role: `role-${random.below(ROLES)}`,
    type: `Type${random.below(TYPES)}`,
    method: METHODS[random.below(METHODS.length)] ?? '',
  };
}

function one(granted: readonly Grant[], random: Random): Grant {
  const grant = granted[random.below(granted.length)];
  if (!grant) throw new Error('nothing is granted');
  return grant;
}

function keyOf({ user, role, type, method }: Grant): string {
  return JSON.stringify([user, role, type, method]);
}

/** A linear congruential generator: every run asks the same. */
class Random {
  constructor(private state: number) {}

  below(bound: number): number {
    this.state = (Math.imul(this.state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((this.state / 2 ** 32) * bound);
  }
}
