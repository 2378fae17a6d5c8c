import { IsInt, Max, Min } from 'class-validator';

import { Setting } from './setting.js';

const YEAR_MS = 31_536_000_000;

/** How much is remembered of decisions, for those who ask why. */
export class DecisionSettings {
  @Setting({
    variable: 'WARDGATE_DECISION_TRACES',
    kind: 'integer',
    description: 'Latest decisions that an instance remembers in memory, for `GET /$decision`.',
    allowed: 'an integer from 0 to 1000000',
    default: '10000',
  })
  @IsInt()
  @Min(0)
  @Max(1_000_000)
  readonly traces!: number;

  @Setting({
    variable: 'WARDGATE_DECISION_TRACE_MEMORY',
    kind: 'integer',
    unit: 'bytes',
    description:
      'Memory that they may take, about; the oldest are forgotten beyond it, however few they are.',
    allowed: 'an integer from 1048576 to 4294967296',
    default: '67108864',
  })
  @IsInt()
  @Min(1_048_576)
  @Max(4_294_967_296)
  readonly traceBytes!: number;

  @Setting({
    variable: 'WARDGATE_DENIAL_RETENTION',
    kind: 'duration',
    description:
      'Time for which denials are stored, where every instance finds them; `0s` stores none.',
    allowed: 'a duration such as `24h` or `720h`, from 0s to 8760h',
    default: '720h',
  })
  @IsInt()
  @Min(0)
  @Max(YEAR_MS)
  readonly denialRetentionMs!: number;

  @Setting({
    variable: 'WARDGATE_STORED_DENIALS',
    kind: 'integer',
    description:
      'Denials that are stored at most: so many of known callers, and as many of all others; the oldest are removed beyond it.',
    allowed: 'an integer from 1000 to 10000000',
    default: '100000',
  })
  @IsInt()
  @Min(1_000)
  @Max(10_000_000)
  readonly storedDenials!: number;
}
