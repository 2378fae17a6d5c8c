import { ANONYMOUS, type Caller } from '../identity/caller.js';
import { callerName } from './caller-name.js';

describe('callerName', () => {
  it.each<[string, Partial<Caller>]>([
    ['anonymous', {}],
    ['Client/c', { kind: 'client', client: { id: 'c' } }],
    ['User/u', { kind: 'token', user: { id: 'u' }, introspectorId: 'i' }],
    ['a token of TokenIntrospector/i', { kind: 'token', introspectorId: 'i' }],
  ])('is %s', (name, caller) => {
    expect(callerName({ ...ANONYMOUS, ...caller })).toBe(name);
  });
});
