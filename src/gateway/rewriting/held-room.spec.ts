import { TooMuchHeld } from '../upstream/upstream-errors.js';
import { HeldRoom } from './held-room.js';

describe('the room for large answers', () => {
  it('is shared by all of them', () => {
    const room = new HeldRoom(10);
    const [one, other] = [room.open(), room.open()];
    one.claim(6);

    expect(() => other.claim(5)).toThrow(TooMuchHeld);
    other.claim(4);
    expect(() => one.claim(7)).toThrow(TooMuchHeld);
    one.claim(0);
    other.claim(10);
  });

  it('is given back once, with what is claimed after the end', () => {
    const room = new HeldRoom(10);
    const [one, other] = [room.open(), room.open()];
    one.claim(10);
    one.close();
    one.close();
    one.claim(10);

    expect(() => other.claim(11)).toThrow(TooMuchHeld);
    other.claim(10);
  });
});
