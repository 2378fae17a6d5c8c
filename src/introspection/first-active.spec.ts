import { IntrospectionUnavailable } from './errors.js';
import { firstActive, type Question } from './first-active.js';
import type { Introspection } from './introspection.js';

const NEVER = new Promise<never>(() => undefined);
const LONG_MS = 60_000;

const vouching = (id: string): Introspection => ({
  active: true,
  type: 'opaque',
  claims: { sub: id },
  introspector: {
    id,
    revision: '1',
    identityProviderId: undefined,
    userResolution: [],
    trustedUserIds: [],
  },
});
const refusing = (id: string): Introspection => ({
  active: false,
  refusals: [{ code: 'inactive', introspectorId: id }],
});
const question = (
  introspectorId: string,
  answer: (id: string) => Introspection | Promise<Introspection>,
): Question => ({ introspectorId, ask: async () => answer(introspectorId) });
const failing = (id: string): never => {
  throw new IntrospectionUnavailable(id);
};

describe('several introspectors', () => {
  it('are asked until one vouches, and no further', async () => {
    const asked: string[] = [];
    const noting = (id: string, answer: (id: string) => Introspection): Question =>
      question(id, (it) => {
        asked.push(it);
        return answer(it);
      });
    const questions = [noting('a', refusing), noting('b', vouching), noting('c', vouching)];

    await expect(firstActive(questions, 'malformed', LONG_MS)).resolves.toEqual({
      ...vouching('b'),
      passedOver: [{ code: 'inactive', introspectorId: 'a' }],
    });
    expect(asked).toEqual(['a', 'b']);
  });

  it('give all reasons, in the order in which they were asked', async () => {
    const questions = [question('a', refusing), question('b', refusing)];
    const refusals = ['a', 'b'].map((introspectorId) => ({ code: 'inactive', introspectorId }));

    await expect(firstActive(questions, 'malformed', LONG_MS)).resolves.toEqual({
      active: false,
      refusals,
    });
    await expect(firstActive([], 'malformed', LONG_MS)).resolves.toEqual({
      active: false,
      refusals: [{ code: 'malformed' }],
    });
  });

  it('are undecided while one cannot tell, unless another vouches', async () => {
    const [down, none, good] = [
      question('a', failing),
      question('b', refusing),
      question('c', vouching),
    ];

    await expect(firstActive([down, none], 'malformed', LONG_MS)).rejects.toMatchObject({
      introspectorId: 'a',
    });
    await expect(firstActive([down, none, good], 'malformed', LONG_MS)).resolves.toEqual({
      ...vouching('c'),
      passedOver: [{ code: 'inactive', introspectorId: 'b' }],
    });
  });

  it('are asked although one before them does not answer', async () => {
    const silent = question('a', () => NEVER);
    const good = question('b', vouching);

    await expect(firstActive([silent, good], 'malformed', 20)).resolves.toEqual(vouching('b'));
  });

  it('are not waited for longer than for one, whatever their number', async () => {
    const silent = Array.from({ length: 1000 }, (_, index) => question(`i${index}`, () => NEVER));

    await expect(firstActive(silent, 'malformed', 20)).rejects.toThrow(IntrospectionUnavailable);
  });

  it('may vouch while a later one is waited for', async () => {
    let answer: (introspection: Introspection) => void = () => undefined;
    const late = question(
      'a',
      () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    );
    const provoking = question('b', () => {
      answer(vouching('a'));
      return NEVER;
    });

    await expect(firstActive([late, provoking], 'malformed', 20)).resolves.toEqual(vouching('a'));
  });

  it('hand on a fault of ours as it is', async () => {
    const fault = new TypeError('a fault');
    const faulty = question('a', () => {
      throw fault;
    });

    await expect(firstActive([faulty, question('b', refusing)], 'malformed', LONG_MS)).rejects.toBe(
      fault,
    );
  });
});
