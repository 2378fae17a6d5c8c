import { Answers, checked, NOW_MS } from '../../../test/support/check-trial.js';
import { accessClaims, secretKey, signJwt } from '../../../test/support/token-signer.js';

const secret = (id: string, iss: string | undefined, elements: object = {}): object => ({
  ...{ id, type: 'jwt', jwt: { iss, secret: 's' } },
  ...elements,
});
const opaque = (id: string, elements: object = {}): object => ({
  ...{ id, type: 'opaque', accept_jwt: true },
  ...elements,
});
const of = (iss: string): string => signJwt(secretKey('s'), accessClaims(iss, NOW_MS));

/** What is said of where a token goes, by the check of the first introspector. */
async function routing(token: string | undefined, ...all: readonly object[]) {
  const trial = token === undefined ? {} : { token };
  const { found, messages, fixes } = await checked(new Answers({}), all, trial);
  return {
    code: found.find((one) => one.startsWith('routing: '))?.slice('routing: '.length),
    message: messages.get('routing'),
    fix: fixes.get('routing'),
  };
}

describe('the check of where tokens go', () => {
  const own = secret('i', 'https://a');
  const off = secret('c', 'https://c', { active: false });
  const alone = 'Such tokens are judged by this introspector alone';
  const elsewhere = 'Such tokens are judged by TokenIntrospector/b';
  const shared =
    'TokenIntrospector/o is asked about such tokens, too; the first that vouches for one counts';

  it.each<[string, string, readonly object[], string, string]>([
    ['here', 'https://a', [off], 'routed-here', alone],
    ['here alone', 'https://a', [opaque('o', { token_pattern: '^o' })], 'routed-here', alone],
    ['here and to an endpoint', 'https://a', [opaque('o')], 'issuer-shared', shared],
    ['elsewhere', 'https://b', [secret('b', 'https://b')], 'routed-elsewhere', elsewhere],
    [
      ...(['nowhere', 'https://d', [off], 'unknown-issuer'] as const),
      'No active introspector is for the issuer "https://d"',
    ],
    [
      ...(['nowhere now', 'https://c', [off], 'inactive-issuer'] as const),
      'Only inactive introspectors name its issuer: TokenIntrospector/c',
    ],
  ])('says that one goes %s', async (_where, iss, others, code, message) => {
    await expect(routing(of(iss), own, ...others)).resolves.toMatchObject({ code, message });
  });

  it('asks for the issuer of the introspector where no token is tried', async () => {
    const twin = secret('b', 'https://a');

    await expect(routing(undefined, own, opaque('o'))).resolves.toMatchObject({
      code: 'routed-here',
    });
    await expect(routing(undefined, own, twin)).resolves.toMatchObject({ code: 'issuer-shared' });
    await expect(routing(undefined, off)).resolves.toMatchObject({ code: 'inactive-issuer' });
    await expect(routing(undefined, secret('i', undefined))).resolves.toMatchObject({
      code: undefined,
    });
  });

  it('says what to do, by the type of the introspector', async () => {
    const endpoint = opaque('o', { jwt: { iss: 'https://b' } });

    expect((await routing(of('https://a'), endpoint, own)).fix).toContain('accept_jwt');
    expect((await routing(of('https://b'), own, endpoint)).fix).toBe(
      'Check the token at TokenIntrospector/o',
    );
  });

  it('names sixteen others at most', async () => {
    const others = Array.from({ length: 17 }, (_, at) => secret(`b${at + 10}`, 'https://b'));

    expect((await routing(of('https://b'), own, ...others)).message).toMatch(/\/b25$/);
  });
});
