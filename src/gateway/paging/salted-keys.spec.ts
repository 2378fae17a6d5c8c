import { SaltedKeys } from './salted-keys.js';

describe('SaltedKeys', () => {
  it('has one salt for 65,536 seals, and then another', () => {
    const derived: string[] = [];
    const keys = new SaltedKeys((salt) => {
      derived.push(Buffer.from(salt).toString('hex'));
      return Buffer.concat([Buffer.from('key of '), salt]);
    });

    const given = Array.from({ length: 65_537 }, () => keys.next());
    const salts = given.map(({ salt }) => Buffer.from(salt).toString('hex'));
    const last = given.at(-1);

    expect(new Set(salts.slice(0, 65_536))).toEqual(new Set([derived[0]]));
    expect(salts.slice(65_536)).toEqual([derived[1]]);
    expect(derived).toHaveLength(2);
    expect(derived[1]).not.toBe(derived[0]);
    expect(last?.key).toEqual(Buffer.concat([Buffer.from('key of '), last?.salt ?? Buffer.of()]));
  });
});
