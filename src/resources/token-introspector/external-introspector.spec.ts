import { Logger } from '@nestjs/common';
import { ExternalSecrets } from '../secrets/external-secrets.js';
import { SECRET_REFERENCE } from '../secrets/secret-reference.js';
import { externalIntrospector } from './external-introspector.js';

/** Secrets whose only file has a text that a test gives. */
class GivenSecrets extends ExternalSecrets {
  protected override readonly files = {
    read: () => Promise.resolve({ text: this.text, stamp: this.text }),
    stamp: () => Promise.resolve(this.text),
  };

  constructor(
    private readonly text: string,
    id: string,
  ) {
    const scopes = [{ resourceType: 'TokenIntrospector', id }];
    super({ secrets: [{ name: 'hmac', path: '/run/secrets/hmac', scopes }] });
  }
}

const jwt = {
  iss: 'https://auth.example.com',
  _secret: { extension: [{ url: SECRET_REFERENCE, valueString: 'hmac' }] },
};
const row = { id: 'i', versionId: 1, resource: { id: 'i', type: 'jwt', jwt }, secrets: {} };

async function readWith(text: string, scopedTo = 'i') {
  const secrets = new GivenSecrets(text, scopedTo);
  await secrets.onModuleInit();
  secrets.onModuleDestroy();
  return externalIntrospector(row, secrets);
}

describe('an introspector whose secret lies in a file', () => {
  beforeAll(() => {
    Logger.overrideLogger(false);
  });

  it('has another revision with another secret, so that nothing cached outlives one', async () => {
    const [first, again, second] = [
      await readWith('first'),
      await readWith('first'),
      await readWith('second'),
    ].map(({ introspector }) => introspector.revision);

    expect(again).toBe(first);
    expect(second).not.toBe(first);
  });

  it('lacks a secret whose scope no longer admits it, and says so', async () => {
    expect((await readWith('first')).introspector.lacksSecret).toBe(false);

    const { introspector, problems } = await readWith('first', 'another');

    expect(introspector).toMatchObject({ lacksSecret: true, keySource: { kind: 'none' } });
    expect(problems).toEqual([expect.stringContaining('does not admit TokenIntrospector/i')]);
  });
});
