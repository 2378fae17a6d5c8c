import {
  dpopProof,
  keyThumbprint,
  publicJwk,
  sha256,
  type ProofChanges,
} from '../../../test/support/dpop-proof.js';
import { ecKey, edKey, rsaKey, secretKey, signJwt } from '../../../test/support/token-signer.js';
import { verifyProof, type ProofExpectation } from './dpop-proof.js';

const NOW_MS = Date.parse('2026-01-01T00:00:00Z');
const NOW = NOW_MS / 1000;
const URL = 'https://gate.example.org/fhir/Patient';
const TOKEN = 'Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU';
const key = ecKey();

const expected: ProofExpectation = {
  evidence: { method: 'GET', isTarget: (uri) => uri === URL },
  token: TOKEN,
  keyThumbprint: keyThumbprint(key),
  nowMs: NOW_MS,
  lifetimeMs: 60_000,
};

function proof({ claims, header }: ProofChanges = {}, signer = key): string {
  const inTime = { jti: 'a-jti', iat: NOW, ...claims };
  const request = { method: 'GET', url: URL, token: TOKEN };
  return dpopProof(signer, request, { claims: inTime, ...(header ? { header } : {}) });
}

/** What comes of a proof: its jti, or why it is refused. */
async function outcome(text: string, changed: Partial<ProofExpectation> = {}): Promise<string> {
  const result = await verifyProof(text, { ...expected, ...changed });
  return typeof result === 'string' ? result : `jti ${result.jti}`;
}

describe('a proof', () => {
  it('is accepted for its request, its token and its key', async () => {
    await expect(outcome(proof())).resolves.toBe('jti a-jti');
  });

  it('is refused where its key has the thumbprint and is none', async () => {
    const jwk = { ...publicJwk(key), x: 'AAAA' };
    const thumbprint = sha256(JSON.stringify(jwk));

    await expect(outcome(proof({ header: { jwk } }), { keyThumbprint: thumbprint })).resolves.toBe(
      'proof-key',
    );
  });

  it.each(['RS256', 'RS512', 'PS256'])('may be signed with %s', async (alg) => {
    const rsa = rsaKey(undefined, alg);

    await expect(outcome(proof({}, rsa), { keyThumbprint: keyThumbprint(rsa) })).resolves.toBe(
      'jti a-jti',
    );
  });

  it.each([ecKey(undefined, 'ES384'), ecKey(undefined, 'ES512'), edKey()])(
    'may be signed with $alg',
    async (other) => {
      const bound = { keyThumbprint: keyThumbprint(other) };

      await expect(outcome(proof({}, other), bound)).resolves.toBe('jti a-jti');
    },
  );

  it('may carry members that nobody asks for', async () => {
    const changes = { claims: { nonce: 'n', exp: NOW + 5 }, header: { kid: 'k' } };

    await expect(outcome(proof(changes))).resolves.toBe('jti a-jti');
  });

  it('may have 8192 characters, and 256 in its jti', async () => {
    const start = proof({ claims: { note: '' } }).length;
    const note = 'n'.repeat(Math.ceil(((8192 - start) * 3) / 4));
    const jti = 'j'.repeat(256);
    const longest = proof({ claims: { note } });

    expect(longest.length).toBe(8192);
    await expect(outcome(longest)).resolves.toBe('jti a-jti');
    await expect(outcome(proof({ claims: { jti } }))).resolves.toBe(`jti ${jti}`);
  });
});

const DEFECTS: readonly (readonly [string, ProofChanges, string])[] = [
  ['of the type of a token', { header: { typ: 'JWT' } }, 'proof-type'],
  ['of the type of an access token', { header: { typ: 'at+jwt' } }, 'proof-type'],
  ['of no type', { header: { typ: undefined } }, 'proof-type'],
  ['with a critical extension', { header: { crit: ['exp'] } }, 'proof-malformed'],
  ['without a key', { header: { jwk: undefined } }, 'proof-key'],
  ['with a key that is null', { header: { jwk: null } }, 'proof-key'],
  ['with a key that is a text', { header: { jwk: JSON.stringify(publicJwk(key)) } }, 'proof-key'],
  ['with a key without its point', { header: { jwk: { kty: 'EC', crv: 'P-256' } } }, 'proof-key'],
  ['with a private key', { header: { jwk: { ...publicJwk(key), d: 'AA' } } }, 'proof-key'],
  ...['p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'].map(
    (member) =>
      [
        `with the member ${member} of a private key`,
        { header: { jwk: { ...publicJwk(key), [member]: 'AA' } } },
        'proof-key',
      ] as const,
  ),
  ['with a symmetric key', { header: { jwk: { kty: 'oct', k: 'AA' } } }, 'proof-key'],
  ['without jti', { claims: { jti: undefined } }, 'proof-claims'],
  ['with an empty jti', { claims: { jti: '' } }, 'proof-claims'],
  ['with a jti of a number', { claims: { jti: 1 } }, 'proof-claims'],
  ['with a jti of 257 characters', { claims: { jti: 'j'.repeat(257) } }, 'proof-claims'],
  ['without htm', { claims: { htm: undefined } }, 'proof-claims'],
  ['without htu', { claims: { htu: undefined } }, 'proof-claims'],
  ['with a list of htu', { claims: { htu: [URL] } }, 'proof-claims'],
  ['without ath', { claims: { ath: undefined } }, 'proof-claims'],
  ['without iat', { claims: { iat: undefined } }, 'proof-claims'],
  ['with iat as text', { claims: { iat: String(NOW) } }, 'proof-claims'],
  ['with exp as text', { claims: { exp: 'never' } }, 'proof-claims'],
  ['with nbf as text', { claims: { nbf: 'now' } }, 'proof-claims'],
  ['for another method', { claims: { htm: 'POST' } }, 'proof-method'],
  ['for the method in lower case', { claims: { htm: 'get' } }, 'proof-method'],
  ['for another URL', { claims: { htu: `${URL}/p1` } }, 'proof-target'],
  ['for another token', { claims: { ath: sha256('another') } }, 'proof-token'],
  [
    'for a token of the same beginning',
    { claims: { ath: sha256(TOKEN).slice(0, -1) } },
    'proof-token',
  ],
  ['from the future', { claims: { iat: NOW + 31 } }, 'proof-time'],
  ['older than its lifetime and skew', { claims: { iat: NOW - 90 } }, 'proof-time'],
  ['that has expired', { claims: { exp: NOW - 30 } }, 'proof-time'],
  ['that is not valid yet', { claims: { nbf: NOW + 31 } }, 'proof-time'],
];

describe('a proof is refused', () => {
  it.each(DEFECTS)('%s', async (_defect, changes, code) => {
    await expect(outcome(proof(changes))).resolves.toBe(code);
  });

  it('by another key than the one that the token is bound to', async () => {
    await expect(outcome(proof({}, ecKey()))).resolves.toBe('wrong-key');
  });

  it('with the right key in the header, but signed by another', async () => {
    const changes = { header: { jwk: publicJwk(key) } };

    await expect(outcome(proof(changes, ecKey()))).resolves.toBe('proof-signature');
  });

  it('with other claims than those that were signed', async () => {
    const [header = '', , signature = ''] = proof().split('.');
    const [, claims = ''] = proof({ claims: { jti: 'another' } }).split('.');

    await expect(outcome([header, claims, signature].join('.'))).resolves.toBe('proof-signature');
  });

  it('under an algorithm that is not that of its key', async () => {
    const changes = { header: { alg: 'ES384' } };

    await expect(outcome(proof(changes))).resolves.toBe('proof-algorithm');
  });

  it.each(['none', 'HS256'])('under %s', async (alg) => {
    const shared = secretKey(JSON.stringify(publicJwk(key)));
    const changes = { header: { alg, jwk: publicJwk(key) } };
    const secret = { ...shared, jwk: key.jwk };

    await expect(outcome(proof(changes, secret))).resolves.toBe('proof-algorithm');
  });

  it('by an RSA key of 1024 bit', async () => {
    const weak = rsaKey(undefined, 'RS256', 1024);
    const bound = { keyThumbprint: keyThumbprint(weak) };

    await expect(outcome(proof({}, weak), bound)).resolves.toBe('proof-algorithm');
  });

  it('that is no JWT, or one of more than 8192 characters', async () => {
    const long = (length: number): string => proof({ claims: { note: 'n'.repeat(length) } });

    await expect(outcome('proof')).resolves.toBe('proof-malformed');
    await expect(outcome(`${proof()}.${proof()}`)).resolves.toBe('proof-malformed');
    await expect(outcome(long(5500))).resolves.toBe('jti a-jti');
    await expect(outcome(long(6000))).resolves.toBe('proof-malformed');
  });

  it('that names a claim twice, or whose claims are no object', async () => {
    const header = { typ: 'dpop+jwt', kid: undefined, jwk: publicJwk(key) };

    const twice = `{"jti":"a","jti":"b","htm":"GET","htu":"${URL}","iat":${NOW},"ath":"${sha256(TOKEN)}"}`;
    await expect(outcome(signJwt(key, twice, header))).resolves.toBe('proof-claims');
    await expect(outcome(signJwt(key, '[]', header))).resolves.toBe('proof-claims');
  });
});

describe('the time of a proof', () => {
  it.each([
    ['its oldest', { iat: NOW - 89.9 }],
    ['its newest', { iat: NOW + 30 }],
    ['just not expired', { exp: NOW - 29 }],
    ['just valid', { nbf: NOW + 30 }],
  ])('is fine at %s', async (_edge, claims) => {
    await expect(outcome(proof({ claims }))).resolves.toBe('jti a-jti');
  });
});

// RFC 9449, figures 2, 12 and 13.
describe('the examples of RFC 9449', () => {
  const jwk =
    'eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19';
  const atResource = `${jwk}.eyJqdGkiOiJlMWozVl9iS2ljOC1MQUVCIiwiaHRtIjoiR0VUIiwiaHR1IjoiaHR0cHM6Ly9yZXNvdXJjZS5leGFtcGxlLm9yZy9wcm90ZWN0ZWRyZXNvdXJjZSIsImlhdCI6MTU2MjI2MjYxOCwiYXRoIjoiZlVIeU8ycjJaM0RaNTNFc05yV0JiMHhXWG9hTnk1OUlpS0NBcWtzbVFFbyJ9.2oW9RP35yRqzhrtNP86L-Ey71EOptxRimPPToA1plemAgR6pxHF8y6-yqyVnmcw6Fy1dqd-jfxSYoMxhAJpLjA`;
  const atTokenEndpoint = `${jwk}.eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg`;
  const example: Partial<ProofExpectation> = {
    keyThumbprint: '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I',
    nowMs: 1_562_262_618_000,
    evidence: {
      method: 'GET',
      isTarget: (uri) => uri === 'https://resource.example.org/protectedresource',
    },
  };

  it('verify at the resource', async () => {
    await expect(outcome(atResource, example)).resolves.toBe('jti e1j3V_bKic8-LAEB');
  });

  it('do not verify with another token, or long after', async () => {
    await expect(outcome(atResource, { ...example, token: 'other' })).resolves.toBe('proof-token');
    await expect(outcome(atResource, { ...example, nowMs: NOW_MS })).resolves.toBe('proof-time');
  });

  it('do not serve at the resource when made for the token endpoint', async () => {
    await expect(outcome(atTokenEndpoint, example)).resolves.toBe('proof-claims');
  });
});
