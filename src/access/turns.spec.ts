import { Turns } from './turns.js';

describe('turns', () => {
  let nowMs: number;
  let turns: Turns;
  let serve: () => void;
  let served: () => number;

  beforeEach(() => {
    nowMs = 0;
    turns = new Turns(() => nowMs);
    let count = 0;
    served = () => count;
    serve = () => setImmediate(() => (count += 1));
  });

  const workFor = async (ms: number): Promise<void> => {
    serve();
    nowMs += ms;
    await turns.next();
  };

  it('go on while the time of one lasts', async () => {
    for (let thing = 0; thing < 9; thing += 1) await workFor(1);

    expect(served()).toBe(0);
  });

  it('let others be served when it is over, and begin anew', async () => {
    await workFor(10);
    expect(served()).toBe(1);
    await workFor(9);
    expect(served()).toBe(1);
    await workFor(1);
    expect(served()).toBe(3);
  });
});
