import type { AccessRequest } from '../access-request.js';
import type { JsonObject } from '../json.js';
import { parsePolicy } from '../parse-policy.js';
import type { Policy } from '../policy.js';
import { PolicySet } from './policy-set.js';

const COUNT = 60;

function policy(id: string, matcho: JsonObject): Policy {
  return parsePolicy({ id, engine: 'matcho', matcho });
}

const ofIssuer = Array.from({ length: COUNT }, (_, at) =>
  policy(`i${at}`, { jwt: { iss: `i${at}` } }),
);
const ofUser = Array.from({ length: COUNT }, (_, at) =>
  policy(`u${at}`, { jwt: { iss: 'many' }, user: { id: `u${at}` } }),
);
const ofEither = policy('either', { jwt: { iss: { $enum: ['i1', 'i2'] } } });
const ofAll = policy('open', { uri: '#^/open' });
const all = byId(...ofIssuer, ...ofUser, ofEither, ofAll);

function byId(...policies: readonly Policy[]): Map<string, Policy> {
  return new Map(policies.map((one) => [one.id, one]));
}

function idsFor(set: PolicySet, request: AccessRequest): string[] {
  return set.candidatesFor(request).map(({ id }) => id);
}

describe.each([
  ['built at once', PolicySet.of(all)],
  ['built one by one', [...all.keys()].reduce(withOneMore, PolicySet.of(new Map()))],
  ['that lost others', withOthers().changedTo(all)],
])('a set of policies %s', (_how, set) => {
  it.each<[string, AccessRequest, string[]]>([
    ['those that demand its value', { jwt: { iss: 'i7' } }, ['i7', 'open']],
    ['each once, of several values', { jwt: { iss: 'i1' } }, ['either', 'i1', 'open']],
    ['those of another value', { jwt: { iss: 'i2' } }, ['either', 'i2', 'open']],
    ['those that demand nothing, of an unknown value', { jwt: { iss: 'x' } }, ['open']],
    ['those that demand nothing, of no value', {}, ['open']],
  ])('finds %s', (_what, request, ids) => {
    expect(idsFor(set, request)).toEqual(ids);
  });

  it('tells those that share a value apart by another, all but a few', () => {
    const found = idsFor(set, { jwt: { iss: 'many' }, user: { id: 'u5' } });

    expect(found).toContain('u5');
    expect(found.filter((id) => !['u5', 'open'].includes(id)).length).toBeLessThan(8);
  });

  it('has all of them in evaluation order, sorted once', () => {
    expect(set.all.map(({ id }) => id)).toEqual([...all.keys()].sort());
    expect(set.all).toBe(set.all);
  });

  it('forgets what is gone, and finds what came', () => {
    const rest = new Map(all);
    rest.delete('i7');
    rest.set('late', policy('late', { jwt: { iss: 'late' } }));
    const changed = set.changedTo(rest);

    expect(idsFor(changed, { jwt: { iss: 'i7' } })).toEqual(['open']);
    expect(idsFor(changed, { jwt: { iss: 'late' } })).toEqual(['late', 'open']);
    expect(idsFor(changed, { jwt: { iss: 'i8' } })).toEqual(['i8', 'open']);
    expect(idsFor(set, { jwt: { iss: 'i7' } })).toEqual(['i7', 'open']);
    expect(changed.changedTo(new Map()).candidatesFor({ jwt: { iss: 'i8' } })).toEqual([]);
  });

  it('asks a policy that changed by its new demand only', () => {
    const rest = new Map(all).set('i7', policy('i7', { jwt: { iss: 'new' } }));
    const changed = set.changedTo(rest);

    expect(idsFor(changed, { jwt: { iss: 'i7' } })).toEqual(['open']);
    expect(idsFor(changed, { jwt: { iss: 'new' } })).toEqual(['i7', 'open']);
  });
});

describe('a set of policies that changes', () => {
  it('is filed anew as a whole only when more has changed than there is', () => {
    let wholes = 0;
    const counted = (policies: ReadonlyMap<string, Policy>) => ({
      size: policies.size,
      get: (id: string) => policies.get(id),
      keys: () => policies.keys(),
      values: () => {
        wholes += 1;
        return policies.values();
      },
    });
    const four = byId(...ofIssuer.slice(0, 4));
    let set = PolicySet.of(new Map(four));
    const filed = ['i0', 'i1', 'i2'].map((id) => {
      four.set(id, policy(id, { jwt: { iss: 'new' } }));
      set = set.changedTo(counted(new Map(four)), [id]);
      return wholes;
    });

    // One that is replaced counts twice: it goes, and another comes.
    expect(filed).toEqual([0, 0, 1]);
    expect(idsFor(set, { jwt: { iss: 'new' } })).toEqual(['i0', 'i1', 'i2']);
  });
});

function withOneMore(set: PolicySet, _id: string, at: number): PolicySet {
  return set.changedTo(new Map([...all].slice(0, at + 1)));
}

function withOthers(): PolicySet {
  const others = Array.from({ length: 50 }, (_, at) =>
    policy(`o${at}`, { jwt: { iss: `o${at}` } }),
  );
  return PolicySet.of(new Map([...all, ...byId(...others)]));
}
