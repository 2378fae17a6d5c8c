import type { Question } from './engine.js';

/** How long single decisions took, in µs. */
export interface Times {
  readonly p50: number;
  readonly p99: number;
}

/** One round: decisions that allow and decisions that deny. */
export interface Round {
  readonly allowed: Times;
  readonly denied: Times;
}

const MAX_SAMPLES = 20_000;
const MIN_SAMPLES = 3;

const samples = new Float64Array(MAX_SAMPLES);

/** Questions asked in turn, each decision timed by itself. */
export class Timing {
  private next = 0;

  constructor(private readonly questions: readonly Question[]) {}

  /** Decides for some time, and at least three times. */
  measure(forMs: number): Times {
    // What the clock and the call cost is no part of a decision.
    const idle = this.sample(forMs / 5, () => false)[0];
    const times = this.sample(forMs);
    return { p50: Math.max(times[0] - idle, 0), p99: Math.max(times[1] - idle, 0) };
  }

  private sample(forMs: number, instead?: Question): readonly [number, number] {
    const until = performance.now() + forMs;
    let count = 0;
    let after = 0;
    while (count < MIN_SAMPLES || (count < MAX_SAMPLES && after < until)) {
      const question = instead ?? this.following();
      const before = performance.now();
      question();
      after = performance.now();
      samples[count] = after - before;
      count += 1;
    }
    const sorted = samples.subarray(0, count).sort();
    return [microseconds(sorted, 0.5), microseconds(sorted, 0.99)];
  }

  private following(): Question {
    this.next = (this.next + 1) % this.questions.length;
    const question = this.questions[this.next];
    if (!question) throw new Error('no question');
    return question;
  }
}

function microseconds(sorted: Float64Array, share: number): number {
  return (sorted[Math.floor(sorted.length * share)] ?? Number.NaN) * 1000;
}
