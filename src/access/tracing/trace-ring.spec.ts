import type { DecisionTrace } from './decision-trace.js';
import { TraceRing } from './trace-ring.js';

function trace(requestId: string, bytes = 1): DecisionTrace {
  return {
    ...{ kind: 'refused', requestId, atMs: 0, stage: 'credential', scheme: undefined },
    ...{ caller: undefined, error: undefined, request: {}, cut: [], isCopy: false, bytes },
  };
}

const ids = (ring: TraceRing): string => [...ring.latest()].map((one) => one.requestId).join('');

describe('a ring of traces', () => {
  it('keeps the latest, latest first', () => {
    const ring = new TraceRing(3, 1_000);
    for (const id of 'abcde') ring.add(trace(id));

    expect(ids(ring)).toBe('edc');
  });

  it('forgets the oldest when they take more memory than they may', () => {
    const ring = new TraceRing(10, 100);
    for (const id of 'abc') ring.add(trace(id, 40));

    expect(ids(ring)).toBe('cb');
    ring.add(trace('d', 100));
    expect(ids(ring)).toBe('d');
    for (const id of 'efg') ring.add(trace(id, 1));
    expect(ids(ring)).toBe('gfe');
  });

  it('keeps the latest even if it alone takes more', () => {
    const ring = new TraceRing(10, 100);
    ring.add(trace('a', 500));

    expect(ids(ring)).toBe('a');
    ring.add(trace('b', 1));
    expect(ids(ring)).toBe('b');
  });

  it('keeps nothing where it may hold nothing', () => {
    const ring = new TraceRing(0, 100);
    ring.add(trace('a'));

    expect(ids(ring)).toBe('');
  });
});
