import { dpopProof, keyThumbprint, sha256 } from '../../../test/support/dpop-proof.js';
import {
  BEARER,
  TestClock,
  TestIntrospectionSettings,
  TestUsedProofs,
} from '../../../test/support/introspection-fixture.js';
import { ecKey } from '../../../test/support/token-signer.js';
import type { JsonObject } from '../../policy/json.js';
import { ProofUnchecked } from '../errors.js';
import type { ActiveIntrospection } from '../introspection.js';
import type { Evidence, Presentation } from './presentation.js';
import { ProofOfPossession } from './proof-of-possession.js';
import { UsedProofs } from './used-proofs.js';

const URL = 'https://gate.example.org/fhir/Patient';
const TOKEN = 'a-token';
const CERTIFICATE = sha256('a certificate');
const clock = new TestClock();
const settings = new TestIntrospectionSettings();
const key = ecKey();
const jkt = keyThumbprint(key);

function vouched(claims: JsonObject, type: ActiveIntrospection['type'] = 'jwt') {
  return {
    active: true,
    type,
    claims,
    introspector: {
      id: 'i',
      revision: 'i/1',
      identityProviderId: undefined,
      userResolution: [],
      trustedUserIds: [],
    },
  } as const satisfies ActiveIntrospection;
}

function proof(jti?: string): string {
  const named = jti === undefined ? {} : { jti };
  const claims = { iat: clock.now() / 1000, ...named };
  return dpopProof(key, { method: 'GET', url: URL, token: TOKEN }, { claims });
}

function presented(scheme: Presentation['scheme'], changes: Partial<Evidence> = {}): Presentation {
  const evidence = { ...BEARER.evidence, isTarget: (uri: string) => uri === URL, ...changes };
  return { scheme, evidence };
}

const withProof = (): Presentation => presented('dpop', { proofs: () => [proof()] });
const withCertificate = (thumbprint = CERTIFICATE): Presentation =>
  presented('bearer', { certificateThumbprint: () => thumbprint });

let possession: ProofOfPossession;
beforeEach(() => {
  possession = new ProofOfPossession(new TestUsedProofs(), clock, settings);
});

/** The code with which a token of these claims is refused, `accepted` if it is not. */
async function outcome(
  claims: JsonObject,
  presentation: Presentation,
  type?: ActiveIntrospection['type'],
): Promise<string | undefined> {
  const confirmed = await possession.confirm(vouched(claims, type), TOKEN, presentation);
  return confirmed.active ? 'accepted' : confirmed.refusals[0]?.code;
}

describe('a token that is bound to nobody', () => {
  it('is accepted as Bearer, whatever else the request brings', async () => {
    await expect(outcome({}, presented('bearer'))).resolves.toBe('accepted');
    await expect(outcome({}, withCertificate())).resolves.toBe('accepted');
  });

  it('is refused as DPoP, even with a proof', async () => {
    await expect(outcome({}, withProof())).resolves.toBe('not-bound');
  });

  it('keeps what was vouched for', async () => {
    const introspection = vouched({ sub: 's' });

    await expect(possession.confirm(introspection, TOKEN, BEARER)).resolves.toEqual({
      ...introspection,
      isConfirmed: true,
    });
  });
});

describe('a token that is bound to a key', () => {
  const claims = { cnf: { jkt } };

  it('is accepted with a proof, of whatever kind it is', async () => {
    await expect(outcome(claims, withProof())).resolves.toBe('accepted');
    const answer = { ...claims, token_type: 'DPoP' };
    await expect(outcome(answer, withProof(), 'opaque')).resolves.toBe('accepted');
  });

  it('is refused as Bearer, even beside a proof', async () => {
    const both = presented('bearer', { proofs: () => [proof()] });

    await expect(outcome(claims, both)).resolves.toBe('proof-required');
    await expect(outcome(claims, both, 'opaque')).resolves.toBe('proof-required');
    await expect(outcome(claims, both, 'aspxauth')).resolves.toBe('proof-required');
  });

  it('is refused without a proof and with two', async () => {
    await expect(outcome(claims, presented('dpop'))).resolves.toBe('proof-count');
    const two = presented('dpop', { proofs: () => [proof(), proof()] });
    await expect(outcome(claims, two)).resolves.toBe('proof-count');
  });

  it('is refused with the proof of another', async () => {
    const other = { cnf: { jkt: keyThumbprint(ecKey()) } };

    await expect(outcome(other, withProof())).resolves.toBe('wrong-key');
  });

  it('names the introspector in the refusal', async () => {
    await expect(possession.confirm(vouched(claims), TOKEN, BEARER)).resolves.toEqual({
      active: false,
      refusals: [{ code: 'proof-required', introspectorId: 'i' }],
    });
  });
});

describe('a proof', () => {
  const claims = { cnf: { jkt } };

  it('serves once', async () => {
    const text = proof();
    const once = presented('dpop', { proofs: () => [text] });

    await expect(outcome(claims, once)).resolves.toBe('accepted');
    await expect(outcome(claims, once)).resolves.toBe('proof-replayed');
  });

  it('serves once by its jti, however it is written', async () => {
    await outcome(claims, presented('dpop', { proofs: () => [proof('same')] }));

    const again = presented('dpop', { proofs: () => [proof('same')] });
    await expect(outcome(claims, again)).resolves.toBe('proof-replayed');
    const other = presented('dpop', { proofs: () => [proof('other')] });
    await expect(outcome(claims, other)).resolves.toBe('accepted');
  });

  it('is not used up by a request that is refused for its certificate', async () => {
    const both = { cnf: { jkt, 'x5t#S256': CERTIFICATE } };
    const text = proof();
    const proofs = (): string[] => [text];
    const certificateThumbprint = (): string => CERTIFICATE;

    await expect(outcome(both, presented('dpop', { proofs }))).resolves.toBe(
      'certificate-required',
    );
    await expect(outcome(both, presented('dpop', { proofs, certificateThumbprint }))).resolves.toBe(
      'accepted',
    );
  });

  it('is remembered for longer than it can be accepted anywhere', async () => {
    const kept: number[] = [];
    class Recording extends UsedProofs {
      add(_digest: Uint8Array, keepMs: number): Promise<boolean> {
        kept.push(keepMs);
        return Promise.resolve(true);
      }
    }
    possession = new ProofOfPossession(new Recording(), clock, settings);

    await outcome(claims, withProof());

    expect(kept).toEqual([60_000 + 2 * 30_000 + 60_000]);
  });

  it('is never accepted while nobody can tell whether it was used', async () => {
    class Unreachable extends UsedProofs {
      add(): Promise<boolean> {
        return Promise.reject(new Error('the database is down'));
      }
    }
    possession = new ProofOfPossession(new Unreachable(), clock, settings);

    await expect(outcome(claims, withProof())).rejects.toBeInstanceOf(ProofUnchecked);
    await expect(outcome({}, BEARER)).resolves.toBe('accepted');
  });
});

describe('a token that is bound to a certificate', () => {
  const claims = { cnf: { 'x5t#S256': CERTIFICATE } };

  it('is accepted with it', async () => {
    await expect(outcome(claims, withCertificate())).resolves.toBe('accepted');
  });

  it('is refused without one, with another and as DPoP', async () => {
    await expect(outcome(claims, presented('bearer'))).resolves.toBe('certificate-required');
    const other = withCertificate(sha256('another'));
    await expect(outcome(claims, other)).resolves.toBe('wrong-certificate');
    const evidence = { proofs: () => [proof()], certificateThumbprint: () => CERTIFICATE };
    await expect(outcome(claims, presented('dpop', evidence))).resolves.toBe('not-bound');
  });

  it('needs the proof, too, if it is bound to both', async () => {
    const both = { cnf: { jkt, 'x5t#S256': CERTIFICATE } };

    await expect(outcome(both, withCertificate())).resolves.toBe('proof-required');
    await expect(outcome(both, withProof())).resolves.toBe('certificate-required');
  });
});

describe('a binding that is not understood', () => {
  it.each([
    ['null', null],
    ['a text', jkt],
    ['a list', [{ jkt }]],
    ['empty', {}],
    ['of an unknown kind', { kid: 'k' }],
    ['a key itself', { jwk: key.jwk as JsonObject }],
    ['of an unknown kind beside a known one', { jkt, osc: 'x' }],
    ['a thumbprint of another length', { jkt: 'h' }],
    ['a thumbprint that is no text', { jkt: 1 }],
    ['a thumbprint of null beside a good one', { jkt, 'x5t#S256': null }],
  ])('is refused under any scheme: %s', async (_kind, cnf) => {
    const evidence = { proofs: () => [proof()], certificateThumbprint: () => CERTIFICATE };

    await expect(outcome({ cnf }, presented('bearer', evidence))).resolves.toBe(
      'unknown-confirmation',
    );
    await expect(outcome({ cnf }, presented('dpop', evidence))).resolves.toBe(
      'unknown-confirmation',
    );
  });

  it('is refused if an endpoint calls the token a DPoP one and names no key', async () => {
    const claims = { token_type: 'DPoP' };

    await expect(outcome(claims, BEARER, 'opaque')).resolves.toBe('unknown-confirmation');
    await expect(outcome({ token_type: 'Bearer' }, BEARER, 'opaque')).resolves.toBe('accepted');
  });

  it('counts nothing that a JWT itself says of its type of token', async () => {
    await expect(outcome({ token_type: 'DPoP' }, BEARER, 'jwt')).resolves.toBe('accepted');
    await expect(outcome({}, BEARER, 'opaque')).resolves.toBe('accepted');
  });
});

describe('what a JWT that nobody vouches for yet reads', () => {
  const certificate = { 'x5t#S256': CERTIFICATE };
  const asDpop = presented('dpop');
  const asBearer = presented('bearer');

  it.each<[string, JsonObject, Presentation, string | undefined]>([
    ['of no binding, as Bearer', {}, asBearer, undefined],
    ['of no binding, as DPoP: its issuer may know of one', {}, asDpop, undefined],
    ['of a key, as Bearer', { cnf: { jkt } }, asBearer, 'proof-required'],
    ['of a key, as DPoP: the proof is looked at later', { cnf: { jkt } }, asDpop, undefined],
    ['of a certificate, without one', { cnf: certificate }, asBearer, 'certificate-required'],
    ['of a certificate, with it', { cnf: certificate }, withCertificate(), undefined],
    [
      'of a certificate, with another',
      { cnf: certificate },
      withCertificate(sha256('another')),
      'wrong-certificate',
    ],
    [
      'of both, as Bearer with the certificate',
      { cnf: { jkt, ...certificate } },
      withCertificate(),
      'proof-required',
    ],
    [
      'of both, as DPoP without the certificate',
      { cnf: { jkt, ...certificate } },
      asDpop,
      'certificate-required',
    ],
    ['of what is unknown, as Bearer', { cnf: { kid: 'k' } }, asBearer, 'unknown-confirmation'],
    ['of what is unknown, as DPoP', { cnf: { kid: 'k' } }, asDpop, 'unknown-confirmation'],
  ])('keeps it from being asked about: %s', (_what, claims, presentation, refusal) => {
    expect(possession.refusalWhoeverVouches(claims, presentation)).toBe(refusal);
  });
});
