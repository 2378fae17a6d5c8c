import { InvalidPolicy } from './invalid-policy.js';
import type { Json, JsonObject } from './json.js';
import { parsePolicy } from './parse-policy.js';

const ALLOW = { engine: 'allow' };
const complex = (...and: Json[]): JsonObject => ({ engine: 'complex', and });

/** What a policy is refused for, with its places; empty when it is not. */
function problemsOf(policy: JsonObject): readonly string[] {
  try {
    parsePolicy(policy);
    return [];
  } catch (error) {
    if (!(error instanceof InvalidPolicy)) throw error;
    return error.issues.map(({ path, message }) => `${path}: ${message}`);
  }
}

/** A complex policy in which there are as many levels of complex rules. */
function nested(levels: number): JsonObject {
  let rule: JsonObject = ALLOW;
  for (let level = 0; level < levels; level += 1) rule = complex(rule);
  return rule;
}

describe('rules within rules', () => {
  it('may say what they are for', () => {
    expect(problemsOf(complex({ ...ALLOW, description: 'everybody' }))).toEqual([]);
    expect(problemsOf(complex({ ...ALLOW, roleName: 'nurse' }))).toEqual([
      'AccessPolicy.and[0].roleName: has no effect inside a rule',
    ]);
  });

  it('may be eight deep', () => {
    expect(problemsOf(nested(8))).toEqual([]);
    expect(problemsOf(nested(9))).toEqual([
      `AccessPolicy${'.and[0]'.repeat(8)}.and: nested deeper than 8 levels`,
    ]);
  });

  it.each<[Json]>([[null], ['allow'], [['allow']], [true]])('are objects, not %j', (rule) => {
    expect(problemsOf(complex(ALLOW, rule))).toEqual([
      'AccessPolicy.and[1]: a rule is an object with an engine',
    ]);
  });
});

describe('patterns of methods', () => {
  it('are refused each where it is wrong, though another is right', () => {
    const rpc = { a: { user: 'present?' }, b: { uri: '#(' }, c: { user: {} } };

    expect(problemsOf({ engine: 'matcho-rpc', rpc: { a: rpc.a } })).toEqual([]);
    expect(problemsOf({ engine: 'matcho-rpc', rpc }).map((one) => one.split(':')[0])).toEqual([
      'AccessPolicy.rpc.b.uri',
      'AccessPolicy.rpc.c.user',
    ]);
  });
});

describe('links', () => {
  it('are references, not texts', () => {
    expect(problemsOf({ ...ALLOW, link: [{ reference: 'User/u1' }] })).toEqual([]);
    expect(problemsOf({ ...ALLOW, link: ['User/u1'] })).toEqual([
      'AccessPolicy.link[0]: must refer to a User, Client or Operation',
    ]);
  });
});
