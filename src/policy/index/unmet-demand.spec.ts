import type { JsonObject } from '../json.js';
import { parsePolicy } from '../parse-policy.js';
import { unmetDemand } from './unmet-demand.js';

const unmet = (
  policy: JsonObject,
  request: JsonObject,
  known?: (path: readonly string[]) => boolean,
) => unmetDemand(parsePolicy({ id: 'p', ...policy }), request, known);

const LINKED = {
  engine: 'allow',
  link: ['User/u1', 'User/u2', 'Client/c1'].map((reference) => ({ reference })),
};

describe('the unmet demand of a policy', () => {
  it('has one entry for each place where it could be met', () => {
    expect(unmet(LINKED, { user: { id: 'u9' } })).toEqual([
      { path: ['user', 'id'], expected: ['u1', 'u2'], but: 'u9' },
      { path: ['client', 'id'], expected: ['c1'], but: null },
    ]);
  });

  it('is none when one of them is met', () => {
    expect(unmet(LINKED, { user: { id: 'u9' }, client: { id: 'c1' } })).toBeUndefined();
  });

  it('is the first of several', () => {
    const policy = { engine: 'matcho', roleName: 'nurse', matcho: { jwt: { iss: 'a' } } };

    expect(unmet(policy, { role: [{ name: 'clerk' }, { name: 'cook' }] })).toEqual([
      { path: ['role', 'name'], expected: ['nurse'], but: ['clerk', 'cook'] },
    ]);
    expect(unmet(policy, { role: [{ name: 'clerk' }, { name: 'nurse' }] })).toEqual([
      { path: ['jwt', 'iss'], expected: ['a'], but: null },
    ]);
  });

  it('passes over demands on what is not known', () => {
    const policy = { engine: 'matcho', matcho: { body: { a: 1 }, uri: '/x' } };

    expect(unmet(policy, { uri: '/y' })?.[0]?.path).toEqual(['body', 'a']);
    expect(unmet(policy, { uri: '/y' }, ([first]) => first !== 'body')?.[0]?.path).toEqual(['uri']);
  });

  it('is none of a policy that never decides', () => {
    expect(unmet({ ...LINKED, status: 'draft' }, {})).toBeUndefined();
  });
});
