import { TooMuchHeld } from '../upstream/upstream-errors.js';
import { HeldRoom } from './held-room.js';

const opened = (room: HeldRoom, callers: readonly [string, string]) =>
  [room.open(callers[0]), room.open(callers[1])] as const;

describe('the room for large answers', () => {
  it('is shared by all of them', () => {
    const [one, other] = opened(new HeldRoom({ total: 10, perCaller: 10 }), ['a', 'b']);
    one.claim(6);

    expect(() => other.claim(5)).toThrow(TooMuchHeld);
    other.claim(4);
    expect(() => one.claim(7)).toThrow(TooMuchHeld);
    one.claim(0);
    other.claim(10);
  });

  it('has a share for each caller', () => {
    const room = new HeldRoom({ total: 20, perCaller: 10 });
    const [one, another] = opened(room, ['a', 'a']);
    one.claim(6);

    expect(() => another.claim(5)).toThrow(TooMuchHeld);
    room.open('b').claim(10);
    another.claim(4);
    expect(() => one.claim(7)).toThrow(TooMuchHeld);
    one.close();
    another.claim(10);
  });

  it('is given back once, with what is claimed after the end', () => {
    const [one, other] = opened(new HeldRoom({ total: 10, perCaller: 10 }), ['a', 'a']);
    one.claim(10);
    one.close();
    one.close();
    one.claim(10);

    expect(() => other.claim(11)).toThrow(TooMuchHeld);
    other.claim(10);
  });
});
