import type { LookupAddress } from 'node:dns';
import { guardedLookup, type Resolve } from './guarded-lookup.js';

const PUBLIC: LookupAddress = { address: '93.184.216.34', family: 4 };
const PRIVATE: LookupAddress = { address: '10.0.0.1', family: 4 };

function lookUp(addresses: LookupAddress[], all: boolean): Promise<unknown> {
  const resolve: Resolve = (_hostname, _options, callback) => callback(null, addresses);
  const lookup = guardedLookup((_name, address) => address !== PRIVATE.address, resolve);
  return new Promise((settle) => {
    lookup('auth.example.com', { all }, (error, found) => settle(error ?? found));
  });
}

describe('guardedLookup', () => {
  it('hands the allowed addresses to the socket, all or the first', async () => {
    await expect(lookUp([PUBLIC], true)).resolves.toEqual([PUBLIC]);
    await expect(lookUp([PUBLIC], false)).resolves.toBe(PUBLIC.address);
  });

  it.each([true, false])('refuses a name with one address that is not allowed', async (all) => {
    await expect(lookUp([PUBLIC, PRIVATE], all)).resolves.toBeInstanceOf(Error);
    await expect(lookUp([PRIVATE], all)).resolves.toBeInstanceOf(Error);
  });

  it('asks about the name as rules write it', async () => {
    const lookup = guardedLookup(
      (name) => name === 'auth.example.com',
      (_hostname, _options, callback) => callback(null, [PUBLIC]),
    );
    const found = new Promise((settle) => {
      lookup('Auth.Example.COM', { all: true }, (error, addresses) => settle(error ?? addresses));
    });

    await expect(found).resolves.toEqual([PUBLIC]);
  });

  it('refuses a name without address', async () => {
    await expect(lookUp([], true)).resolves.toBeInstanceOf(Error);
  });

  it('passes on that a name cannot be resolved', async () => {
    const failure = new Error('ENOTFOUND');
    const lookup = guardedLookup(
      () => true,
      (_hostname, _options, callback) => callback(failure, []),
    );

    await expect(
      new Promise((settle) => {
        lookup('auth.example.com', { all: true }, settle);
      }),
    ).resolves.toBe(failure);
  });
});
