import { IsIn, IsInt, IsNotEmpty, IsOptional, Max, Min } from 'class-validator';

import { Setting } from './setting.js';
import { Satisfies, isAbsoluteUri, isRedisUrl } from './setting-rules.js';

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;

/** Least severe kind of message that is logged. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** The process and what it keeps outside the database. */
export class RuntimeSettings {
  /** As given: a relative path is meant from the working directory. */
  @Setting({
    variable: 'WARDGATE_DATA_DIR',
    kind: 'text',
    description:
      'Folder of the embedded database and of the credentials that the first start makes.',
    allowed: 'a path',
    default: './data',
  })
  @IsNotEmpty()
  readonly dataDir!: string;

  @Setting({
    variable: 'REDIS_URL',
    kind: 'text',
    description: 'Redis server that instances share as a cache; without it each has its own.',
    allowed: 'a URL that begins with redis:// or rediss://',
    secret: true,
  })
  @IsOptional()
  @Satisfies(isRedisUrl)
  readonly redisUrl?: string;

  @Setting({
    variable: 'BOX_FHIR_CREATEDAT_URL',
    kind: 'text',
    description: 'URL of the extension in `meta.extension` that carries the creation time.',
    allowed: 'an absolute URI',
    default: 'ex:createdAt',
  })
  @Satisfies(isAbsoluteUri)
  readonly createdAtUrl!: string;

  @Setting({
    variable: 'WARDGATE_LOG_LEVEL',
    kind: 'text',
    description: 'Least severe messages that are logged.',
    allowed: LOG_LEVELS.join(', '),
    default: 'info',
  })
  @IsIn(LOG_LEVELS)
  readonly logLevel!: LogLevel;

  @Setting({
    variable: 'WARDGATE_BUNDLE_TIMEOUT',
    kind: 'duration',
    description:
      'Time after which no further entry of a batch or transaction is begun; a transaction is undone then.',
    allowed: 'a duration such as `30s` or `1m`, from 1s to 1h',
    default: '1m',
  })
  @IsInt()
  @Min(1_000)
  @Max(3_600_000)
  readonly bundleTimeoutMs!: number;

  @Setting({
    variable: 'WARDGATE_SHUTDOWN_GRACE',
    kind: 'duration',
    description: 'Time that requests in flight are given when Wardgate is asked to stop.',
    allowed: 'a duration such as `500ms`, `10s` or `1m`, from 0s to 5m',
    default: '10s',
  })
  @IsInt()
  @Min(0)
  @Max(300_000)
  readonly shutdownGraceMs!: number;
}
