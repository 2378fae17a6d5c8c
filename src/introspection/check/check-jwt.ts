import { numberAt, stringAt, stringsAt } from '../../resources/token-introspector/json-members.js';
import type { JwtIntrospector } from '../../resources/token-introspector/token-introspector.js';
import { CLAIM_RULES } from '../jwt/claims.js';
import { parseJwt, type Jwt } from '../jwt/jwt.js';
import type { RefusalCode } from '../refusal.js';
import { checkSignature } from './check-signature.js';
import { found, refusing, shown, type CheckStep } from './check-step.js';
import { explained, seconds, sentence, type JudgedToken } from './explain-refusal.js';
import type { FreshKeys } from './fresh-keys.js';
import { possession } from './general-steps.js';

type RuleName = keyof typeof CLAIM_RULES;

const RULE_NAMES = Object.keys(CLAIM_RULES) as readonly RuleName[];

/** A token read, or the step that says why it is none that could be read. */
export function readToken(token: string): { readonly step: CheckStep; readonly jwt?: Jwt } {
  const jwt = parseJwt(token);
  if (typeof jwt !== 'string') {
    return { jwt, step: found('token', 'token-read', 'It is a signed token') };
  }
  const { message, fix } = unreadable(token, jwt);
  return { step: refusing('token', jwt, message, fix) };
}

/** Asks every rule for the token, not only until the first refuses, and tries its signature. */
export async function checkJwt(
  token: string,
  jwt: Jwt,
  introspector: JwtIntrospector,
  keys: FreshKeys,
  nowMs: number,
): Promise<readonly CheckStep[]> {
  const judged = { jwt, introspector, nowMs };
  const rules = RULE_NAMES.map((name) => {
    const refusal = CLAIM_RULES[name](jwt, introspector, nowMs);
    return refusal === undefined ? FITTING[name](judged) : explained(name, refusal, judged);
  });
  return [...rules, await checkSignature(token, judged, keys), possession(jwt.claims)];
}

const FITTING: Readonly<Record<RuleName, (judged: JudgedToken) => CheckStep>> = {
  issuer: ({ jwt }) =>
    found('issuer', 'issuer-fits', `Its issuer is ${shown(stringAt(jwt.claims, 'iss'))}`),
  purpose: () => found('purpose', 'purpose-fits', 'It may be an access token'),
  time: ({ jwt, nowMs }) => {
    const exp = numberAt(jwt.claims, 'exp');
    const left =
      exp === undefined ? 'for ever: it has no exp' : `for another ${seconds(exp - nowMs / 1000)}`;
    return found('time', 'time-fits', `It is valid ${left}`);
  },
  audience: ({ jwt, introspector }) =>
    introspector.aud.length > 0
      ? found('audience', 'audience-fits', 'It was issued for the audience that is expected')
      : found(
          'audience',
          'audience-unchecked',
          'Tokens for any audience are accepted, those for other services of the issuer included',
          uncheckedAudience(stringsAt(jwt.claims, 'aud') ?? []),
        ),
  'required-claims': ({ introspector }) =>
    found(
      'required-claims',
      'claims-there',
      introspector.requiredClaims.length === 0
        ? 'No claims are demanded'
        : 'It has the claims that are demanded',
    ),
};

function uncheckedAudience(aud: readonly string[]): string {
  return aud.length === 0
    ? 'The token has no aud; have the issuer add one for this API, and name it in jwt.aud'
    : `Name the audience of this API in jwt.aud; the token has ${aud.slice(0, 16).map(shown).join(', ')}`;
}

function unreadable(token: string, code: RefusalCode): { message: string; fix?: string } {
  if (/^(?:Bearer|DPoP)\s/i.test(token)) {
    return {
      message: 'It begins with the name of an authentication scheme',
      fix: 'Send what follows it',
    };
  }
  if (/\s/.test(token))
    return { message: 'There is a space or a line break in it', fix: 'Send it in one piece' };
  if (code === 'encrypted') {
    const fix = 'Have the issuer send signed tokens that are not encrypted';
    return { message: 'It is encrypted (JWE); encrypted tokens are not supported', fix };
  }
  if (code === 'malformed' && !token.includes('.')) {
    return {
      message: 'It is no JWT: an opaque token, which says nothing by itself',
      fix:
        'An introspector of type opaque asks the issuer about such tokens. To get a JWT, ask for a token of an API: ' +
        'Auth0 issues opaque tokens where no audience is requested, Google always does',
    };
  }
  return { message: sentence(code) };
}
