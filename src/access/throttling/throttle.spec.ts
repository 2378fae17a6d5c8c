import { MetricsRegistry } from '../../metrics/metrics-registry.js';
import type { Attempt } from './failed-attempts.js';
import { NothingShared, SharedFailures, type SharedCount } from './shared-failures.js';
import { Throttle } from './throttle.js';
import { ThrottleMetrics } from './throttle-metrics.js';
import type { PerScope, ThrottleScope } from './throttle-scope.js';
import { TooManyAttempts } from './too-many-attempts.js';

const SETTINGS = {
  ...{ failures: 3, addressFailures: 6, accountFailures: 9 },
  ...{ windowMs: 60_000, blockMs: 60_000, keySecret: 'secret' },
};

/** What other instances are said to have counted. */
class OtherInstances extends SharedFailures {
  answer: Partial<Record<ThrottleScope, SharedCount>> = {};
  readonly asked: PerScope<string>[] = [];

  count(keys: PerScope<string>): Promise<Partial<Record<ThrottleScope, SharedCount>>> {
    this.asked.push(keys);
    return Promise.resolve(this.answer);
  }
}

const attempt = (account: string, address: string): Attempt => ({
  account: `Client/${account}`,
  address,
  isKnownAccount: true,
});

function throttle(shared: SharedFailures = new NothingShared()): Throttle {
  return new Throttle(SETTINGS, shared, new ThrottleMetrics(new MetricsRegistry()));
}

const isOpen = (throttled: Throttle, account: string, address: string): boolean => {
  try {
    throttled.assertOpen(attempt(account, address));
    return true;
  } catch (error) {
    if (error instanceof TooManyAttempts) return false;
    throw error;
  }
};

async function fail(
  throttled: Throttle,
  account: string,
  address: string,
  times: number,
): Promise<void> {
  for (let done = 0; done < times; done += 1) await throttled.failed(attempt(account, address));
}

describe('Throttle', () => {
  it('blocks an account at an address, neither elsewhere', async () => {
    const throttled = throttle();
    await fail(throttled, 'root', '192.0.2.1', 2);
    expect(isOpen(throttled, 'root', '192.0.2.1')).toBe(true);
    await fail(throttled, 'root', '192.0.2.1', 1);

    expect(isOpen(throttled, 'root', '192.0.2.1')).toBe(false);
    expect(isOpen(throttled, 'root', '192.0.2.2')).toBe(true);
    expect(isOpen(throttled, 'other', '192.0.2.1')).toBe(true);
  });

  it('blocks an address that tries many accounts, but not for those used there before', async () => {
    const throttled = throttle();
    throttled.succeeded(attempt('root', '192.0.2.1'));
    for (const account of ['a', 'b', 'c', 'd', 'e', 'f']) {
      await fail(throttled, account, '192.0.2.1', 1);
    }

    expect(isOpen(throttled, 'new', '192.0.2.1')).toBe(false);
    expect(isOpen(throttled, 'new', '192.0.2.2')).toBe(true);
    expect(isOpen(throttled, 'root', '192.0.2.1')).toBe(true);
  });

  it('blocks an account that is tried from many addresses, but not where it was used', async () => {
    const throttled = throttle();
    throttled.succeeded(attempt('root', '192.0.2.1'));
    for (let host = 10; host < 19; host += 1) await fail(throttled, 'root', `192.0.2.${host}`, 1);

    expect(isOpen(throttled, 'root', '192.0.2.99')).toBe(false);
    expect(isOpen(throttled, 'other', '192.0.2.99')).toBe(true);
    expect(isOpen(throttled, 'root', '192.0.2.1')).toBe(true);
  });

  it('blocks an account at an address although it was used there before', async () => {
    const throttled = throttle();
    throttled.succeeded(attempt('root', '192.0.2.1'));
    await fail(throttled, 'root', '192.0.2.1', 3);

    expect(isOpen(throttled, 'root', '192.0.2.1')).toBe(false);
  });

  it('does not let a right secret make up for wrong ones', async () => {
    const throttled = throttle();
    await fail(throttled, 'root', '192.0.2.1', 2);
    throttled.succeeded(attempt('root', '192.0.2.1'));
    await fail(throttled, 'root', '192.0.2.1', 1);

    expect(isOpen(throttled, 'root', '192.0.2.1')).toBe(false);
  });

  it('counts what is tried at the same time before it waits for others', () => {
    const throttled = throttle();
    const attempts = [1, 2, 3].map(() => throttled.failed(attempt('root', '192.0.2.1')));

    expect(isOpen(throttled, 'root', '192.0.2.1')).toBe(false);
    return Promise.all(attempts);
  });

  it('counts all of an IPv6 network as one address', async () => {
    const throttled = throttle();
    for (const host of [1, 2, 3]) await fail(throttled, 'root', `2001:db8::${host}`, 1);

    expect(isOpen(throttled, 'root', '2001:db8::4')).toBe(false);
    expect(isOpen(throttled, 'root', '2001:db8:1::4')).toBe(true);
  });

  it('refuses where another instance has blocked, from its first failure on', async () => {
    const others = new OtherInstances();
    const throttled = throttle(others);
    others.answer = { pair: { failures: 4, endsInMs: 30_000 } };

    const refused = throttled.failed(attempt('root', '192.0.2.1'));
    await expect(refused).rejects.toMatchObject({ status: 429, headers: { 'retry-after': '30' } });
    expect(isOpen(throttled, 'root', '192.0.2.1')).toBe(false);
    expect(others.asked).toHaveLength(1);
  });

  it('answers the failure that reaches the limit of all as a failure, and blocks after it', async () => {
    const others = new OtherInstances();
    const throttled = throttle(others);
    others.answer = { pair: { failures: 3, endsInMs: 60_000 } };

    await expect(throttled.failed(attempt('root', '192.0.2.1'))).resolves.toBeUndefined();
    expect(isOpen(throttled, 'root', '192.0.2.1')).toBe(false);
  });

  it('does not refuse for what all count of an address, where the account was used before', async () => {
    const others = new OtherInstances();
    const throttled = throttle(others);
    throttled.succeeded(attempt('root', '192.0.2.1'));
    others.answer = { address: { failures: 99, endsInMs: 60_000 } };

    await expect(throttled.failed(attempt('root', '192.0.2.1'))).resolves.toBeUndefined();
    expect(isOpen(throttled, 'root', '192.0.2.1')).toBe(true);
    expect(isOpen(throttled, 'other', '192.0.2.1')).toBe(false);
  });

  it('does not lock out who is known because another account was used from everywhere', async () => {
    const throttled = throttle();
    throttled.succeeded(attempt('root', '192.0.2.1'));
    for (let host = 0; host < 20_000; host += 1) {
      throttled.succeeded(
        attempt('mallory', `2001:db8:${(host >> 8).toString(16)}:${host & 255}::1`),
      );
    }
    for (let host = 10; host < 19; host += 1) await fail(throttled, 'root', `192.0.2.${host}`, 1);

    expect(isOpen(throttled, 'root', '192.0.2.99')).toBe(false);
    expect(isOpen(throttled, 'root', '192.0.2.1')).toBe(true);
  });

  it('knows an account in all of an IPv6 network, where addresses change', async () => {
    const throttled = throttle();
    throttled.succeeded(attempt('root', '2001:db8::1'));
    for (let host = 10; host < 19; host += 1) await fail(throttled, 'root', `192.0.2.${host}`, 1);

    expect(isOpen(throttled, 'root', '2001:db8::2')).toBe(true);
    expect(isOpen(throttled, 'root', '2001:db8:0:1::1')).toBe(false);
  });

  it('asks others nothing while secrets are right', () => {
    const others = new OtherInstances();
    const throttled = throttle(others);
    throttled.assertOpen(attempt('root', '192.0.2.1'));
    throttled.succeeded(attempt('root', '192.0.2.1'));

    expect(others.asked).toEqual([]);
  });
});
