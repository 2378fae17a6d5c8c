import { EntriesFailed } from './bundle-errors.js';
import { retryConflicts } from './retry-conflicts.js';

const deadlock = () => Object.assign(new Error('deadlock detected'), { code: '40P01' });

describe('retryConflicts', () => {
  const failing = (errors: unknown[]) => {
    let attempts = 0;
    return async () => {
      attempts += 1;
      if (errors.length > 0) throw errors.shift();
      return attempts;
    };
  };

  it.each([
    ['a deadlock', deadlock()],
    ['a serialization failure', Object.assign(new Error(), { code: '40001' })],
    ['a deadlock of an entry', new EntriesFailed([{ index: 1, thrown: deadlock() }])],
  ])('tries again after %s', async (_what, error) => {
    await expect(retryConflicts(failing([error]))).resolves.toBe(2);
  });

  it('gives up after three attempts', async () => {
    const errors = [deadlock(), deadlock(), deadlock(), deadlock()];

    await expect(retryConflicts(failing(errors))).rejects.toThrow('deadlock');
    expect(errors).toHaveLength(1);
  });

  it('does not repeat any other failure', async () => {
    const errors = [Object.assign(new Error('taken'), { code: '23505' })];

    await expect(retryConflicts(failing(errors))).rejects.toThrow('taken');
    expect(errors).toHaveLength(0);
  });
});
