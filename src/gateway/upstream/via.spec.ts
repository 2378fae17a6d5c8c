import { LoopDetected } from './upstream-errors.js';
import { viaEntry, viaWith } from './via.js';

const OWN = viaEntry('https://wardgate.example');
const OTHER = viaEntry('https://other.example');

describe('the gateways that a request came through', () => {
  it('are this one', () => {
    expect(OWN).toMatch(/^1\.1 wardgate-[\da-f]{16}$/);
    expect(viaWith(OWN, undefined)).toBe(OWN);
  });

  it('are other Wardgates before this one, and nothing else that a client says', () => {
    const received = `1.1 proxy,${OTHER} , 1.1 wardgate-x, 1.1 wardgate`;

    expect(viaWith(OWN, received)).toBe(`${OTHER}, ${OWN}`);
  });

  it.each([
    ['it is among them', `1.1 proxy, ${OWN}`],
    ['it is before another', `${OWN}, ${OTHER}`],
    ['they are too many', Array.from({ length: 8 }, (_, n) => viaEntry(String(n))).join(', ')],
  ])('are a loop where %s', (_name, received) => {
    expect(() => viaWith(OWN, received)).toThrow(LoopDetected);
  });

  it('may be seven', () => {
    const seven = Array.from({ length: 7 }, (_, n) => viaEntry(String(n)));

    expect(viaWith(OWN, seven.join(','))).toBe([...seven, OWN].join(', '));
  });
});
