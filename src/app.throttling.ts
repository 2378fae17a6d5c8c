import { Global, Module, type DynamicModule, type OnModuleDestroy } from '@nestjs/common';
import { RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import {
  NothingShared,
  SharedFailures,
  type SharedCount,
} from './access/throttling/shared-failures.js';
import {
  limitsOf,
  SCOPES,
  type PerScope,
  type ThrottleScope,
} from './access/throttling/throttle-scope.js';
import { ThrottleSettings } from './access/throttling/throttle-settings.js';
import { Impatience, redisClient } from './app.redis.js';

/** Lets instances count failed attempts together, where there is a Redis. */
@Global()
@Module({})
export class ThrottlingModule {
  static from(redisUrl: string | undefined): DynamicModule {
    const shared = {
      provide: SharedFailures,
      inject: [ThrottleSettings],
      useFactory: (settings: ThrottleSettings) =>
        redisUrl === undefined ? new NothingShared() : new RedisFailures(redisUrl, settings),
    };
    return { module: ThrottlingModule, providers: [shared], exports: [SharedFailures] };
  }
}

/** Failures that instances count together in Redis; while it does not answer, there are none. */
class RedisFailures extends SharedFailures implements OnModuleDestroy {
  private readonly client: ReturnType<typeof redisClient>;
  private readonly limiters: PerScope<RateLimiterRedis>;
  private readonly patience = new Impatience();

  constructor(url: string, settings: ThrottleSettings) {
    super();
    this.client = redisClient(url);
    // The cache, which uses the same server, says so.
    this.client.on('error', () => undefined);
    this.client.connect().catch(() => undefined);
    const limits = limitsOf(settings);
    const limiter = (scope: ThrottleScope): RateLimiterRedis =>
      new RateLimiterRedis({
        storeClient: this.client,
        useRedisPackage: true,
        rejectIfRedisNotReady: true,
        keyPrefix: `wardgate:throttle:${scope}`,
        // It blocks when more are consumed than there are.
        points: limits[scope] - 1,
        duration: settings.windowMs / 1000,
        blockDuration: settings.blockMs / 1000,
      });
    this.limiters = {
      pair: limiter('pair'),
      address: limiter('address'),
      account: limiter('account'),
    };
  }

  override count(keys: PerScope<string>): Promise<Partial<Record<ThrottleScope, SharedCount>>> {
    return this.patience.ask(async () => {
      const counts = await Promise.all(
        SCOPES.map(async (scope) => [scope, await this.consume(scope, keys[scope])] as const),
      );
      return Object.fromEntries(counts.filter(([, count]) => count !== undefined));
    }, {});
  }

  onModuleDestroy(): void {
    if (this.client.isOpen) this.client.destroy();
  }

  /** @returns `undefined` when Redis fails. */
  private async consume(scope: ThrottleScope, key: string): Promise<SharedCount | undefined> {
    try {
      return sharedCount(await this.limiters[scope].consume(key));
    } catch (thrown) {
      // Not an error, but that too much was consumed.
      return thrown instanceof RateLimiterRes ? sharedCount(thrown) : undefined;
    }
  }
}

function sharedCount({ consumedPoints, msBeforeNext }: RateLimiterRes): SharedCount {
  return { failures: consumedPoints, endsInMs: msBeforeNext };
}
