import { createCache } from 'cache-manager';
import { Keyv } from 'keyv';
import { introspectionFixture } from '../../../test/support/introspection-fixture.js';
import { startIntrospectionEndpoint } from '../../../test/support/introspection-endpoint.js';
import { MAX_KEPT_CHARACTERS } from './known-results.js';

describe('an answer that is too long to be kept', () => {
  it('vouches for its token each time that the endpoint is asked, and is stored nowhere', async () => {
    const endpoint = await startIntrospectionEndpoint();
    const entries = new Map<string, unknown>();
    const fixture = introspectionFixture(
      {},
      createCache({ stores: [new Keyv({ store: entries })] }),
    );
    fixture.introspectors.set({
      id: 'o',
      type: 'opaque',
      introspection_endpoint: { url: endpoint.url },
    });
    endpoint.answers.set('long', { active: true, groups: 'x'.repeat(MAX_KEPT_CHARACTERS) });
    endpoint.answers.set('short', { active: true, groups: 'x'.repeat(MAX_KEPT_CHARACTERS / 2) });

    for (const token of ['long', 'long', 'short', 'short']) {
      await expect(fixture.refusals(token)).resolves.toEqual([]);
    }
    expect([endpoint.askedAbout('long'), endpoint.askedAbout('short')]).toEqual([2, 1]);
    expect(entries.size).toBe(1);
    await fixture.stop();
    await endpoint.stop();
  });
});
