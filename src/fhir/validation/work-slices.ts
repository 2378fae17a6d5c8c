import { setImmediate as afterIO } from 'node:timers';

/** Work that stands still wherever others may have their turn. */
export type Steps = Generator<undefined, void>;

/** What the validation of one resource may take. */
export interface WorkLimits {
  /** Longest time at once, in ms, between two points where the work can stand still. */
  readonly sliceMs: number;
  /** Longest time altogether, in ms, without what others take in between. */
  readonly totalMs: number;
  /** Elements that all constraints may look at together. */
  readonly steps: number;
  /** Those that one constraint may look at on one element, where the work cannot stand still. */
  readonly stepsAtOnce: number;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
}

/** Others wait for hundredths of a second; where one constraint looks at a whole large resource, for tenths. */
export const WORK_LIMITS: WorkLimits = {
  sliceMs: 10,
  totalMs: 30_000,
  steps: 10_000_000,
  stepsAtOnce: 500_000,
  now: () => performance.now(),
};

/** The clock is asked at every so many points where the work could stand still. */
const POINTS_PER_LOOK = 16;

/**
 * Runs long work in slices. However many are at it, one slice is run between two rounds of the event loop, so
 * that requests and answers of others wait for one slice and not for all.
 */
export class WorkSlices {
  private static readonly shared = new WeakMap<object, WorkSlices>();
  private static readonly waiting: (() => void)[] = [];
  private points = 0;
  private begunAt: number;
  private spentMs = 0;

  constructor(
    private readonly limits: Pick<WorkLimits, 'sliceMs' | 'totalMs' | 'now'> = WORK_LIMITS,
  ) {
    this.begunAt = limits.now();
  }

  /** One for all parts of a whole, such as the entries of a transaction: they have their time together. */
  static sharedBy(whole: object): WorkSlices {
    const slices = WorkSlices.shared.get(whole) ?? new WorkSlices();
    WorkSlices.shared.set(whole, slices);
    return slices;
  }

  /** Whether the work should stand still here. */
  isDue(): boolean {
    this.points += 1;
    if (this.points % POINTS_PER_LOOK !== 0) return false;
    return this.sliceMs() >= this.limits.sliceMs;
  }

  /** @returns false when the work was given up because its time was used up. */
  async run(steps: Steps): Promise<boolean> {
    this.begunAt = this.limits.now();
    while (!steps.next().done) {
      this.spentMs += this.sliceMs();
      if (this.spentMs > this.limits.totalMs) return false;
      await WorkSlices.turn();
      this.begunAt = this.limits.now();
    }
    this.spentMs += this.sliceMs();
    return true;
  }

  private sliceMs(): number {
    return this.limits.now() - this.begunAt;
  }

  private static turn(): Promise<void> {
    return new Promise((resolve) => {
      WorkSlices.waiting.push(resolve);
      if (WorkSlices.waiting.length === 1) afterIO(WorkSlices.next);
    });
  }

  private static readonly next = (): void => {
    const [resume] = WorkSlices.waiting;
    resume?.();
    WorkSlices.waiting.shift();
    if (WorkSlices.waiting.length > 0) afterIO(WorkSlices.next);
  };
}
