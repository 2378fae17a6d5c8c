import { SecretsCodec, SecretsUnreadable } from './secrets-codec.js';

const OWNER = 'TokenIntrospector/keycloak';
const SECRETS = { '/jwt/secret': 'very-secret' };
const codec = new SecretsCodec('a secret of at least thirty-two characters');

describe('SecretsCodec', () => {
  it('reads back what it sealed, and stores nothing readable', () => {
    const stored = codec.encode(OWNER, SECRETS);

    expect(JSON.stringify(stored)).not.toContain('very-secret');
    expect(codec.decode(OWNER, stored)).toEqual(SECRETS);
  });

  it('reads what was stored before encryption was configured', () => {
    expect(codec.decode(OWNER, new SecretsCodec(undefined).encode(OWNER, SECRETS))).toEqual(
      SECRETS,
    );
  });

  it.each([
    ['another secret', new SecretsCodec('another secret of at least 32 characters')],
    ['no secret', new SecretsCodec(undefined)],
  ])('fails clearly with %s', (_name, other) => {
    expect(() => other.decode(OWNER, codec.encode(OWNER, SECRETS))).toThrow(SecretsUnreadable);
  });

  it('refuses sealed secrets that were moved to another resource', () => {
    const stored = codec.encode(OWNER, SECRETS);

    expect(() => codec.decode('TokenIntrospector/other', stored)).toThrow(SecretsUnreadable);
  });

  it('never seals the same secrets to the same bytes', () => {
    expect(codec.encode(OWNER, SECRETS)).not.toEqual(codec.encode(OWNER, SECRETS));
  });
});
