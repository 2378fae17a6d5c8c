import { Overloaded } from './overloaded.js';

/** How many are let in, and who may wait for that. */
export interface AdmissionLimits {
  readonly atOnce: number;
  /** Most that wait. */
  readonly waiting: number;
  /** Longest that one waits, in ms. */
  readonly patienceMs: number;
}

/** Lets so many in at once and the others wait, first come first served; so many of them, and so long. */
export class Admission {
  private inside = 0;
  /** In the order of their arrival. */
  private readonly waiters = new Set<() => void>();

  /** @param what is let in, in the plural: for the message to those who are not */
  constructor(
    private readonly what: string,
    private readonly limits: AdmissionLimits,
  ) {}

  /** @throws Overloaded 503 when too many wait already, or when its turn does not come in time */
  async run<T>(work: () => Promise<T>): Promise<T> {
    await this.enter();
    try {
      return await work();
    } finally {
      this.leave();
    }
  }

  private async enter(): Promise<void> {
    const { atOnce, waiting } = this.limits;
    if (this.inside < atOnce) {
      this.inside += 1;
      return;
    }
    if (this.waiters.size >= waiting) throw new Overloaded(this.what);
    await this.turn();
  }

  private turn(): Promise<void> {
    return new Promise((resolve, reject) => {
      const admit = (): void => {
        clearTimeout(patience);
        resolve();
      };
      const patience = setTimeout(() => {
        this.waiters.delete(admit);
        reject(new Overloaded(this.what));
      }, this.limits.patienceMs);
      this.waiters.add(admit);
    });
  }

  /** Hands its place over, so that nobody who comes meanwhile can take it from those who wait. */
  private leave(): void {
    const [next] = this.waiters;
    if (!next) {
      this.inside -= 1;
      return;
    }
    this.waiters.delete(next);
    next();
  }
}
