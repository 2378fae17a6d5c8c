import { Deadline, DeadlineOver, NO_DEADLINE } from './deadline.js';

describe('Deadline', () => {
  it('is over when its time has passed, not before', () => {
    let nowMs = 100;
    const deadline = new Deadline(50, () => nowMs);
    nowMs = 150;
    expect(() => deadline.assertLeft()).not.toThrow();

    nowMs = 151;
    expect(() => deadline.assertLeft()).toThrow(DeadlineOver);
    expect(new DeadlineOver(50)).toMatchObject({ status: 503, issues: [{ code: 'too-costly' }] });
  });

  it('never comes where there is none', () => {
    expect(() => NO_DEADLINE.assertLeft()).not.toThrow();
  });
});
