import { isAdministratorGrant, speaksOfAdministration } from './administration.js';
import type { JsonObject } from './json.js';
import { parsePolicy } from './parse-policy.js';

const allow = { engine: 'allow', link: [{ reference: 'User/u1' }] };

describe('isAdministratorGrant', () => {
  it.each<[string, JsonObject, boolean]>([
    ['an allow policy linked to a User', allow, true],
    ['an allow policy linked to a Client', { ...allow, link: [{ reference: 'Client/c' }] }, true],
    ['one linked to an Operation only', { ...allow, link: [{ reference: 'Operation/x' }] }, false],
    ['one without a link', { engine: 'allow' }, false],
    ['one with a role', { ...allow, roleName: 'nurse' }, false],
    ['one that is a draft', { ...allow, status: 'draft' }, false],
    ['one for RPC only', { ...allow, type: 'rpc' }, false],
    ['one of another engine', { ...allow, engine: 'matcho', matcho: { user: 'present?' } }, false],
  ])('%s: %#', (_name, policy, expected) => {
    expect(isAdministratorGrant(parsePolicy(policy))).toBe(expected);
  });
});

describe('speaksOfAdministration', () => {
  const mixed = parsePolicy({
    engine: 'allow',
    link: [{ reference: 'User/u1' }, { reference: 'Operation/FhirUpdate' }],
  });

  it('counts a link to a User when asked of the policy as such', () => {
    expect(speaksOfAdministration(mixed)).toBe(true);
  });

  it("counts only the request's own User when asked of a request", () => {
    const operation = { id: 'FhirUpdate' };

    expect(speaksOfAdministration(mixed, { operation, user: { id: 'u1' } })).toBe(true);
    expect(speaksOfAdministration(mixed, { operation, user: { id: 'u2' } })).toBe(false);
  });
});
