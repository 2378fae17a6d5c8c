import { setTimeout as delay } from 'node:timers/promises';
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
const vouchingAfter = (ms: number) => async (id: string) => {
  await delay(ms);
  return vouching(id);
};
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

  it('are no more than one where there is one: what it says is handed on as it is', async () => {
    const answer = refusing('a');

    await expect(firstActive([question('a', () => answer)], 'malformed', LONG_MS)).resolves.toBe(
      answer,
    );
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

  it('are asked in time to answer before the time is over', async () => {
    const questions = [question('a', () => NEVER), question('b', vouchingAfter(30))];

    await expect(firstActive(questions, 'malformed', 20)).resolves.toEqual(vouching('b'));
  });

  it('may vouch when all have been asked, and a little after the time for a call', async () => {
    const questions = [question('a', vouchingAfter(170)), question('b', refusing)];

    await expect(firstActive(questions, 'malformed', 20)).resolves.toMatchObject({
      introspector: { id: 'a' },
    });
  });

  it('leave no timer behind', async () => {
    const timers = () => process.getActiveResourcesInfo().filter((it) => it === 'Timeout').length;
    const before = timers();
    await firstActive([question('a', refusing), question('b', vouching)], 'malformed', LONG_MS);

    expect(timers()).toBe(before);
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

    for (const other of [refusing, failing]) {
      const questions = [question('b', other), faulty, question('c', other)];

      await expect(firstActive(questions, 'malformed', LONG_MS)).rejects.toBe(fault);
    }
  });
});
