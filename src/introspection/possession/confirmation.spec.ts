import type { JsonObject } from '../../policy/json.js';
import { confirmationOf } from './confirmation.js';

const KEY = 'k'.repeat(43);
const CERTIFICATE = 'c'.repeat(43);
const OTHER = 'o'.repeat(43);

describe('the binding of a token', () => {
  it.each<[string, JsonObject, unknown]>([
    ['nobody without cnf', {}, [undefined, undefined]],
    ['a key', { cnf: { jkt: KEY } }, [KEY, undefined]],
    ['a certificate', { cnf: { 'x5t#S256': CERTIFICATE } }, [undefined, CERTIFICATE]],
    ['both', { cnf: { jkt: KEY, 'x5t#S256': CERTIFICATE } }, [KEY, CERTIFICATE]],
    ['what is unknown', { cnf: { kid: 'k' } }, 'unknown-confirmation'],
    ['what is unknown beside a key', { cnf: { jkt: KEY, kid: 'k' } }, 'unknown-confirmation'],
    ['nothing in a cnf', { cnf: {} }, 'unknown-confirmation'],
    ['a cnf of null', { cnf: null }, 'unknown-confirmation'],
    ['a cnf of text', { cnf: KEY }, 'unknown-confirmation'],
    ['a thumbprint that is too long', { cnf: { jkt: `${KEY}k` } }, 'unknown-confirmation'],
    ['a thumbprint after something else', { cnf: { jkt: ` ${KEY}` } }, 'unknown-confirmation'],
    ['a thumbprint that is too short', { cnf: { jkt: KEY.slice(1) } }, 'unknown-confirmation'],
    ['a thumbprint that is no text', { cnf: { jkt: 1 } }, 'unknown-confirmation'],
  ])('is to %s: %#', (_what, claims, expected) => {
    expect(shown(claims)).toEqual(expected);
  });

  it.each<[string, JsonObject, JsonObject, unknown]>([
    ['only the token says it', {}, { cnf: { jkt: KEY } }, [KEY, undefined]],
    ['only the endpoint says it', { cnf: { jkt: KEY } }, {}, [KEY, undefined]],
    ['both say the same', { cnf: { jkt: KEY } }, { cnf: { jkt: KEY } }, [KEY, undefined]],
    [
      'each says a part',
      { cnf: { jkt: KEY } },
      { cnf: { 'x5t#S256': CERTIFICATE } },
      [KEY, CERTIFICATE],
    ],
    [
      'they name different keys',
      { cnf: { jkt: KEY } },
      { cnf: { jkt: OTHER } },
      'unknown-confirmation',
    ],
    [
      'they name different certificates',
      { cnf: { 'x5t#S256': CERTIFICATE } },
      { cnf: { 'x5t#S256': OTHER } },
      'unknown-confirmation',
    ],
    [
      'the token says what is unknown',
      { cnf: { jkt: KEY } },
      { cnf: { kid: 'k' } },
      'unknown-confirmation',
    ],
    [
      'the endpoint says what is unknown',
      { cnf: { kid: 'k' } },
      { cnf: { jkt: KEY } },
      'unknown-confirmation',
    ],
    ['neither says it', {}, {}, [undefined, undefined]],
  ])('counts where %s', (_what, answered, own, expected) => {
    expect(shown(answered, own)).toEqual(expected);
  });
});

function shown(claims: JsonObject, own?: JsonObject): unknown {
  const confirmation = confirmationOf(claims, own);
  return typeof confirmation === 'string'
    ? confirmation
    : [confirmation.keyThumbprint, confirmation.certificateThumbprint];
}
