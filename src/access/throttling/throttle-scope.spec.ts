import { keysOf, networkOf } from './throttle-scope.js';

describe('networkOf', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['2001:db8:0:0:ffff::1', '2001:db8:0:0::/64'],
    ['2001:db8:0:1::1', '2001:db8:0:1::/64'],
    ['', ''],
  ])('of %s is %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});

describe('keysOf', () => {
  const attempt = { account: 'Client/root', address: '192.0.2.1', isKnownAccount: true };

  it('gives each scope what it counts by', () => {
    const keys = keysOf(attempt, 's');
    const sameAccount = keysOf({ ...attempt, address: '192.0.2.2' }, 's');
    const sameAddress = keysOf({ ...attempt, account: 'Client/other' }, 's');

    expect(sameAccount.account).toBe(keys.account);
    expect(sameAccount.address).not.toBe(keys.address);
    expect(sameAddress.address).toBe(keys.address);
    expect(sameAddress.account).not.toBe(keys.account);
    expect(new Set([keys.pair, sameAccount.pair, sameAddress.pair]).size).toBe(3);
  });

  it('is short however long a name is, and depends on the secret', () => {
    const long = keysOf({ ...attempt, account: `Client/${'x'.repeat(16_000)}` }, 's');

    expect(Object.values(long).map((key) => key.length)).toEqual([43, 43, 43]);
    expect(keysOf(attempt, 'another').account).not.toBe(keysOf(attempt, 's').account);
  });

  it('cannot be made to collide by what is in a name', () => {
    const one = keysOf({ ...attempt, account: 'Client/a","b', address: 'c' }, 's');
    const other = keysOf({ ...attempt, account: 'Client/a', address: 'b","c' }, 's');

    expect(one.pair).not.toBe(other.pair);
  });
});
