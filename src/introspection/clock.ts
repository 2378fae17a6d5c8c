import { Injectable } from '@nestjs/common';

/** The time, injected so that tests can move it. */
export abstract class Clock {
  /** Milliseconds since the epoch. */
  abstract now(): number;
}

/** The clock of the machine. */
@Injectable()
export class SystemClock extends Clock {
  now(): number {
    return Date.now();
  }
}
