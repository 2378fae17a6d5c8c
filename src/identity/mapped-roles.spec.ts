import { readFileSync } from 'node:fs';
import type { Json, JsonObject } from '../policy/json.js';
import { parseIdentityProvider } from '../resources/identity-provider/identity-provider.js';
import { parseRoleRules } from '../resources/identity-provider/role-mapping.js';
import { directoryUser } from '../resources/user/directory-user.js';
import { mappedRoleNames, rolesOf } from './mapped-roles.js';

interface Case {
  readonly name: string;
  readonly roleMapping: Json;
  readonly claims: JsonObject;
  readonly roles: readonly string[];
}

const cases = JSON.parse(
  readFileSync('test/vectors/role-mapping/cases.json', 'utf8'),
) as readonly Case[];

const many = (count: number) => Array.from({ length: count }, (_none, at) => `g${at}`);

describe('mappedRoleNames', () => {
  it.each(cases)('$name', ({ roleMapping, claims, roles }) => {
    expect(mappedRoleNames(claims, parseRoleRules(roleMapping))).toEqual(roles);
  });

  it('reads the first 1000 values of a claim', () => {
    const rules = parseRoleRules([
      { claim: 'groups', value: 'g999', role: 'last' },
      { claim: 'groups', value: 'g1000', role: 'beyond' },
    ]);

    expect(mappedRoleNames({ groups: many(1001) }, rules)).toEqual(['last']);
  });

  it('makes 100 Roles at most', () => {
    const rules = parseRoleRules([{ claim: 'groups', prefix: 'kc:' }]);

    expect(mappedRoleNames({ groups: many(101) }, rules)).toHaveLength(100);
  });

  it('reads the first 200 rules, which is as many as can be written', () => {
    const rules = many(201).map((value) => ({ claim: 'groups', value, role: value }));

    expect(mappedRoleNames({ groups: ['g199', 'g200'] }, parseRoleRules(rules))).toEqual(['g199']);
  });

  it('makes no Role whose name is longer than one may be', () => {
    const rules = parseRoleRules([{ claim: 'groups', prefix: 'kc:' }]);
    const [longest, longer] = ['x'.repeat(509), 'x'.repeat(510)];

    expect(mappedRoleNames({ groups: [longest, longer] }, rules)).toEqual([`kc:${longest}`]);
  });
});

describe('rolesOf', () => {
  const stored = { resourceType: 'Role', id: 'r1', name: 'nurse', user: { reference: 'User/ada' } };
  const ada = directoryUser({
    resource: { id: 'ada' },
    roles: [stored],
    is_first_start: false,
  });
  const provider = (rest: JsonObject = {}) =>
    parseIdentityProvider({
      id: 'kc',
      roleMapping: [{ claim: 'groups', value: 'g', role: 'doctor' }],
      ...rest,
    });

  it('puts what the token carries behind what is stored, shaped like a Role without an id', () => {
    expect(rolesOf(ada, { groups: ['g'] }, provider())).toEqual([
      ...ada.roles,
      {
        resourceType: 'Role',
        meta: { source: 'IdentityProvider/kc' },
        name: 'doctor',
        user: { reference: 'User/ada', resourceType: 'User', id: 'ada' },
      },
    ]);
  });

  it('takes nothing from the token for an inactive provider, or none', () => {
    expect(rolesOf(ada, { groups: ['g'] }, provider({ active: false }))).toEqual(ada.roles);
    expect(rolesOf(ada, { groups: ['g'] }, undefined)).toEqual(ada.roles);
  });

  it('answers anew when the User or the provider was written, and only then', () => {
    const claims = { groups: ['g'] };
    const kc = provider();
    const first = rolesOf(ada, claims, kc);

    expect(rolesOf(ada, claims, kc)).toBe(first);
    const without = directoryUser({ resource: { id: 'ada' }, roles: [], is_first_start: false });
    expect(rolesOf(without, claims, kc)).toHaveLength(1);
    expect(rolesOf(ada, claims, provider({ roleMapping: [] }))).toEqual(ada.roles);
  });
});
