import { JWS_ALGORITHMS } from '../../resources/token-introspector/verification-key.js';
import { algorithmRefusal } from '../jwt/algorithm.js';
import { selectKeys, type KeyRefusal } from '../jwt/select-keys.js';
import { verifySignature } from '../jwt/verify-signature.js';
import { found, refusing, shown, type CheckStep } from './check-step.js';
import { sentence, type JudgedToken } from './explain-refusal.js';
import { listed, type FreshKeys } from './fresh-keys.js';

const COMPARE_KEYS =
  'Compare jwks_uri with the one of the discovery document of the issuer: keys of another realm, tenant or ' +
  'environment do not fit';

/** Tries the keys on the signature, as a request with the token would have them tried. */
export async function checkSignature(
  token: string,
  judged: JudgedToken,
  keys: FreshKeys,
): Promise<CheckStep> {
  const { jwt, introspector } = judged;
  const hopeless = algorithmRefusal(jwt.header.alg, introspector);
  if (hopeless !== undefined) return unselected(hopeless, judged, keys);
  if (keys.keySet === undefined) {
    return found('signature', 'signature-unchecked', 'There are no keys to try on its signature');
  }
  const selected = selectKeys(jwt.header, keys.keySet);
  if (typeof selected === 'string') return unselected(selected, judged, keys);
  if (await verifySignature(token, selected)) {
    return found('signature', 'signature-verified', `Its signature (${selected.alg}) is good`);
  }
  const fix =
    keys.keySet.kind === 'published'
      ? COMPARE_KEYS
      : 'The issuer signs with another key than the introspector has; a secret is taken as it is written, not as base64';
  return refusing('signature', 'wrong-signature', sentence('wrong-signature'), fix);
}

function unselected(code: KeyRefusal, judged: JudgedToken, keys: FreshKeys): CheckStep {
  const { kid } = judged.jwt.header;
  const weakness = kid === undefined ? undefined : keys.unusable.get(kid);
  if (weakness !== undefined) {
    const fix = 'Have the issuer sign with a key that is supported';
    return refusing('signature', code, `Its key ${shown(kid)} ${weakness}`, fix);
  }
  return refusing('signature', code, ...KEY_EXPLANATIONS[code](judged, keys));
}

const KEY_EXPLANATIONS: Readonly<
  Record<KeyRefusal, (judged: JudgedToken, keys: FreshKeys) => readonly [string, string]>
> = {
  'wrong-algorithm': wrongAlgorithm,
  'unknown-key': ({ jwt }, { keySet }) => [
    `No key is called ${shown(jwt.header.kid)}; the issuer publishes ${listed(keySet?.keys.map(({ kid }) => kid) ?? [])}`,
    COMPARE_KEYS,
  ],
  'ambiguous-key': ({ jwt }) => [
    jwt.header.kid === undefined
      ? 'It names no key (kid), and several of its issuer fit'
      : `The issuer publishes several keys called ${shown(jwt.header.kid)}`,
    'Have the issuer name its keys uniquely and put kid into its tokens',
  ],
};

function wrongAlgorithm(
  { jwt, introspector }: JudgedToken,
  { keySet }: FreshKeys,
): readonly [string, string] {
  const { alg } = jwt.header;
  const known = JWS_ALGORITHMS.find((algorithm) => algorithm === alg);
  if (known === undefined) {
    return [
      `Its algorithm ${shown(alg)} is none that is supported`,
      `Supported are ${JWS_ALGORITHMS.join(', ')}`,
    ];
  }
  if (introspector.algorithms?.includes(known) === false) {
    return [
      `Its algorithm ${alg} is none of jwt.algorithms`,
      `Add ${alg} to jwt.algorithms if the issuer is to use it`,
    ];
  }
  // Without keys nothing else is refused by its algorithm.
  if (keySet === undefined || (keySet.kind === 'published' && alg.startsWith('HS'))) {
    return [
      `Its algorithm ${alg} needs a shared secret, and public keys are published`,
      'Have the issuer sign with RS256 or ES256; a public key never counts as a secret',
    ];
  }
  const usable = [...new Set(keySet.keys.flatMap(({ algorithms }) => algorithms))];
  return [
    `Its algorithm ${alg} does not fit the key, which verifies ${usable.join(', ') || 'nothing'}`,
    'Write the keys of the issuer that signs with this algorithm',
  ];
}
