import { generateKeyPairSync } from 'node:crypto';
import { isFlawedModulus } from './flawed-modulus.js';

// Primes of the flawed generator are k·M + (65537^a mod M), M the product of the first primes.
const PRIMORIAL = [2n, 3n, 5n, 7n, 11n, 13n, 17n, 19n, 23n, 29n, 31n, 37n, 41n, 43n, 47n, 53n]
  .concat([59n, 61n, 67n, 71n, 73n, 79n, 83n, 89n, 97n, 101n, 103n, 107n, 109n, 113n, 127n, 131n])
  .concat([137n, 139n, 149n, 151n, 157n, 163n, 167n])
  .reduce((product, prime) => product * prime);

function flawedFactor(k: bigint, exponent: number): bigint {
  let power = 1n;
  for (let step = 0; step < exponent; step += 1) power = (power * 65_537n) % PRIMORIAL;
  return k * PRIMORIAL + power;
}

describe('a modulus', () => {
  it('is flawed when its factors have the structure of the flawed generator', () => {
    expect(isFlawedModulus(flawedFactor(3n ** 400n, 17) * flawedFactor(7n ** 250n, 40))).toBe(true);
  });

  it('is sound when one factor has another residue', () => {
    expect(isFlawedModulus(flawedFactor(3n ** 400n, 17) * (flawedFactor(7n, 40) + 2n))).toBe(false);
  });

  it('is sound when a sound generator made it', () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const { n = '' } = publicKey.export({ format: 'jwk' });

    expect(isFlawedModulus(BigInt(`0x${Buffer.from(n, 'base64url').toString('hex')}`))).toBe(false);
  });
});
