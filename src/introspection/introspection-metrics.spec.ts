import {
  TestClock,
  TestIntrospectionSettings,
  TestIntrospectors,
} from '../../test/support/introspection-fixture.js';
import { accessClaims, secretKey, signJwt } from '../../test/support/token-signer.js';
import type { JwtIntrospector } from '../resources/token-introspector/token-introspector.js';
import { MetricsRegistry } from '../metrics/metrics-registry.js';
import { IntrospectionMetrics } from './introspection-metrics.js';
import { vouchedFor } from './introspection.js';
import { parseJwt, type Jwt } from './jwt/jwt.js';
import { localKeySet } from './jwt/key-set.js';
import { RememberedTokens } from './jwt/remembered-tokens.js';

const OUTCOMES = 'wardgate_token_introspections_total';
const ISS = 'https://auth.example.com';

function metered() {
  const registry = new MetricsRegistry();
  const source = new TestIntrospectors();
  const tokens = new RememberedTokens(new TestClock(), new TestIntrospectionSettings());
  source.set({ id: 'a', type: 'jwt', jwt: { iss: ISS, secret: 's' } }, { id: 'b', type: 'opaque' });
  const values = async (name: string): Promise<readonly object[]> => {
    const metric = await registry.getSingleMetric(name)?.get();
    return (metric?.values ?? []).map(({ labels, value }) => ({ ...labels, value }));
  };
  const introspector = source.all()[0] as JwtIntrospector;
  const metrics = new IntrospectionMetrics(registry, source, tokens);
  return { metrics, source, tokens, introspector, values };
}

describe('what became of tokens', () => {
  it('is counted by who vouched, or refused with which reason', async () => {
    const { metrics, introspector, values } = metered();

    metrics.judged(vouchedFor({}, introspector));
    metrics.judged(vouchedFor({}, introspector));
    metrics.judged({
      active: false,
      refusals: [
        { code: 'expired', introspectorId: 'a' },
        { code: 'inactive', introspectorId: 'b' },
      ],
    });
    metrics.judged({ active: false, refusals: [{ code: 'malformed' }] });
    metrics.unavailable('b');

    await expect(values(OUTCOMES)).resolves.toEqual([
      { introspector: 'a', outcome: 'active', value: 2 },
      { introspector: 'a', outcome: 'expired', value: 1 },
      { introspector: 'b', outcome: 'inactive', value: 1 },
      { introspector: 'b', outcome: 'unavailable', value: 1 },
      { introspector: '', outcome: 'malformed', value: 1 },
    ]);
  });

  it('is shown of introspectors that there are, and of tokens that none judged', async () => {
    const { metrics, source, values } = metered();
    metrics.unavailable('a');
    metrics.unavailable('b');
    metrics.judged({ active: false, refusals: [{ code: 'malformed' }] });

    source.set({ id: 'b', type: 'opaque' });

    await expect(values(OUTCOMES)).resolves.toEqual([
      { introspector: 'b', outcome: 'unavailable', value: 1 },
      { introspector: '', outcome: 'malformed', value: 1 },
    ]);
  });
});

describe('remembered tokens', () => {
  it('are counted by whether they were, and as many as there are', async () => {
    const { tokens, introspector, values } = metered();
    const keys = localKeySet({ kind: 'secret', secret: 's' });
    const claims = accessClaims(ISS, new TestClock().now());
    const jwt = parseJwt(signJwt(secretKey('s'), claims)) as Jwt;
    tokens.isVerified('digest', introspector, keys);
    tokens.remember('digest', jwt, introspector, keys);
    tokens.isVerified('digest', introspector, keys);
    tokens.isVerified('digest', introspector, keys);

    // Whoever asks a second time reads the same.
    await values('wardgate_remembered_tokens_total');
    await expect(values('wardgate_remembered_tokens_total')).resolves.toEqual([
      { result: 'hit', value: 2 },
      { result: 'miss', value: 1 },
    ]);
    await expect(values('wardgate_remembered_tokens')).resolves.toEqual([{ value: 1 }]);
  });
});
