import { IsDivisibleBy, IsInt, Max, Min } from 'class-validator';

import { Setting } from './setting.js';

const DAY_MS = 86_400_000;

/** How many wrong secrets are borne before nothing more is tried for a while. */
export class ThrottleSettings {
  @Setting({
    variable: 'BOX_SECURITY_THROTTLE_FAILURES',
    kind: 'integer',
    description: 'Wrong secrets of one account from one address that are borne.',
    allowed: 'an integer from 1 to 1000',
    default: '10',
  })
  @IsInt()
  @Min(1)
  @Max(1000)
  readonly failures!: number;

  @Setting({
    variable: 'BOX_SECURITY_THROTTLE_ADDRESS_FAILURES',
    kind: 'integer',
    description:
      'Wrong secrets of all accounts from one address that are borne; then only accounts that were used from there before may try.',
    allowed: 'an integer from 1 to 100000',
    default: '100',
  })
  @IsInt()
  @Min(1)
  @Max(100_000)
  readonly addressFailures!: number;

  @Setting({
    variable: 'BOX_SECURITY_THROTTLE_ACCOUNT_FAILURES',
    kind: 'integer',
    description:
      'Wrong secrets of one account from all addresses that are borne; then it may be tried only from where it was used before.',
    allowed: 'an integer from 1 to 100000',
    default: '200',
  })
  @IsInt()
  @Min(1)
  @Max(100_000)
  readonly accountFailures!: number;

  @Setting({
    variable: 'BOX_SECURITY_THROTTLE_WINDOW',
    kind: 'duration',
    description: 'Time from the first wrong secret in which they are counted.',
    allowed: 'whole seconds such as `30s`, `15m` or `1h`, from 1s to 24h',
    default: '15m',
  })
  @IsInt()
  @IsDivisibleBy(1000)
  @Min(1000)
  @Max(DAY_MS)
  readonly windowMs!: number;

  @Setting({
    variable: 'BOX_SECURITY_THROTTLE_BLOCK',
    kind: 'duration',
    description: 'Time for which nothing is tried after the last wrong secret that is borne.',
    allowed: 'whole seconds such as `30s`, `15m` or `1h`, from 1s to 24h',
    default: '15m',
  })
  @IsInt()
  @IsDivisibleBy(1000)
  @Min(1000)
  @Max(DAY_MS)
  readonly blockMs!: number;
}
