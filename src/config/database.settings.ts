import { IsInt, IsNotEmpty, IsOptional, Max, Min } from 'class-validator';

import { Setting } from './setting.js';
import { Satisfies, isPostgresUrl } from './setting-rules.js';

/** Which PostgreSQL holds the resources; without a server the embedded one is started. */
export class DatabaseSettings {
  @Setting({
    variable: 'DATABASE_URL',
    kind: 'text',
    description: 'PostgreSQL server and database; the alternative to the `BOX_DB_*` variables.',
    allowed: 'a URL that begins with postgres:// or postgresql://',
    secret: true,
  })
  @IsOptional()
  @Satisfies(isPostgresUrl)
  readonly url?: string;

  @Setting({
    variable: 'BOX_DB_HOST',
    kind: 'text',
    description: 'Host of the PostgreSQL server, or the folder of its socket.',
    allowed: 'a host name, an IP address or an absolute folder',
  })
  @IsOptional()
  @IsNotEmpty()
  readonly host?: string;

  @Setting({
    variable: 'BOX_DB_PORT',
    kind: 'integer',
    description: 'Its port.',
    allowed: 'an integer from 1 to 65535',
    default: '5432',
  })
  @IsInt()
  @Min(1)
  @Max(65_535)
  readonly port!: number;

  @Setting({
    variable: 'BOX_DB_USER',
    kind: 'text',
    description: 'User to connect as.',
    allowed: 'any text',
    default: 'postgres',
  })
  @IsNotEmpty()
  readonly user!: string;

  @Setting({
    variable: 'BOX_DB_PASSWORD',
    kind: 'text',
    description: 'Password of that user.',
    allowed: 'any text',
    secret: true,
  })
  @IsOptional()
  readonly password?: string;

  @Setting({
    variable: 'BOX_DB_DATABASE',
    kind: 'text',
    description: 'Database to use.',
    allowed: 'any text',
    default: 'wardgate',
  })
  @IsNotEmpty()
  readonly database!: string;

  @Setting({
    variable: 'BOX_DB_POOL_MAXIMUM_POOL_SIZE',
    kind: 'integer',
    unit: 'connections',
    description: 'Most connections that one instance opens for requests.',
    allowed: 'an integer from 2 to 1000',
    default: '16',
  })
  @IsInt()
  @Min(2)
  @Max(1_000)
  readonly poolSize!: number;

  @Setting({
    variable: 'WARDGATE_SEARCH_POOL_SIZE',
    kind: 'integer',
    unit: 'connections',
    description:
      'Most connections that one instance opens for searches and histories, besides those above: as many are carried out at once, others wait.',
    allowed: 'an integer from 1 to 1000',
    default: '8',
  })
  @IsInt()
  @Min(1)
  @Max(1_000)
  readonly searchPoolSize!: number;

  @Setting({
    variable: 'WARDGATE_SEARCH_TIMEOUT',
    kind: 'duration',
    description: 'Time after which the statement of a search or history is stopped.',
    allowed: 'a duration such as `500ms` or `10s`, from 10ms to 5m',
    default: '10s',
  })
  @IsInt()
  @Min(10)
  @Max(300_000)
  readonly searchTimeoutMs!: number;

  @Setting({
    variable: 'DATABASE_REPLICA_URL',
    kind: 'text',
    description:
      'Physical replica on which clinical resources are searched for while it has everything that the primary has; see database.md.',
    allowed: 'a URL that begins with postgres:// or postgresql://',
    secret: true,
  })
  @IsOptional()
  @Satisfies(isPostgresUrl)
  readonly replicaUrl?: string;

  @Setting({
    variable: 'WARDGATE_REPLICA_PATIENCE',
    kind: 'duration',
    description:
      'Longest that a search waits for the replica to have caught up before it goes to the primary.',
    allowed: 'a duration such as `20ms` or `1s`, from 0s to 5s',
    default: '50ms',
  })
  @IsInt()
  @Min(0)
  @Max(5_000)
  readonly replicaPatienceMs!: number;

  @Setting({
    variable: 'BOX_DB_POLICY_URL',
    kind: 'text',
    description:
      'Login of policies with `engine: sql`, for where the user above may not create roles; see database.md.',
    allowed: 'a URL that begins with postgres:// or postgresql://',
    secret: true,
  })
  @IsOptional()
  @Satisfies(isPostgresUrl)
  readonly policyUrl?: string;

  @Setting({
    variable: 'WARDGATE_SQL_POLICY_TIMEOUT',
    kind: 'duration',
    description:
      'Time that a statement of a policy may take, and may wait for a connection; all of one decision together take at most ten times that.',
    allowed: 'a duration such as `500ms` or `1s`, from 10ms to 30s',
    default: '500ms',
  })
  @IsInt()
  @Min(10)
  @Max(30_000)
  readonly policyTimeoutMs!: number;

  @Setting({
    variable: 'WARDGATE_SQL_POLICY_POOL_SIZE',
    kind: 'integer',
    unit: 'connections',
    description:
      'Most connections that one instance opens for policies with `engine: sql`, besides one for those that are tried only.',
    allowed: 'an integer from 1 to 100',
    default: '4',
  })
  @IsInt()
  @Min(1)
  @Max(100)
  readonly policyPoolSize!: number;
}
