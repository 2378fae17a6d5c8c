const MAX_PRIME = 167;
const GENERATOR = 65_537;

interface SubgroupOfPrime {
  readonly prime: bigint;
  readonly members: ReadonlySet<number>;
}

const SUBGROUPS: readonly SubgroupOfPrime[] = oddPrimes(MAX_PRIME).map((prime) => ({
  prime: BigInt(prime),
  members: powersOfGenerator(prime),
}));

/**
 * Whether an RSA modulus bears the fingerprint of the key generator of CVE-2017-15361 (ROCA), whose
 * keys can be factored: modulo every small prime it is a power of 65537. A sound modulus does so
 * with a probability below 2^-27.
 */
export function isFlawedModulus(modulus: bigint): boolean {
  return SUBGROUPS.every(({ prime, members }) => members.has(Number(modulus % prime)));
}

function powersOfGenerator(prime: number): ReadonlySet<number> {
  const powers = new Set<number>();
  for (let power = 1; !powers.has(power); power = (power * GENERATOR) % prime) powers.add(power);
  return powers;
}

function oddPrimes(greatest: number): readonly number[] {
  const primes: number[] = [];
  for (let candidate = 3; candidate <= greatest; candidate += 2) {
    if (primes.every((prime) => candidate % prime !== 0)) primes.push(candidate);
  }
  return primes;
}
