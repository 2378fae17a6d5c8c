import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Round } from './timing.js';

/** What a contestant may be told to do: answer what is known, run until it is compiled, or be timed. */
export type Order = 'check' | 'warmUp' | 'round';

/** Answers to questions that all contestants of one size are asked. */
export interface Answers {
  readonly answers: readonly boolean[];
  /** Milliseconds for one decision. */
  readonly meanMs: number;
}

const TIMEOUT_MS = 60_000;

/** The engine did not come to decide by the policies in time. */
export class NotLoaded extends Error {}

/** An engine loaded with some policies in a process of its own, which sleeps until it is asked. */
export class Contestant {
  private constructor(
    private readonly child: ChildProcess,
    readonly loadMs: number,
  ) {}

  /** @throws NotLoaded when it cannot load the policies in a minute, or ends over it. */
  static async start(engine: string, size: number): Promise<Contestant> {
    const script = fileURLToPath(new URL('./contestant.process.js', import.meta.url));
    const child = fork(script, [engine, String(size)]);
    try {
      const { loadMs } = (await replyOf(child)) as { loadMs: number };
      return new Contestant(child, loadMs);
    } catch (error) {
      child.kill('SIGKILL');
      throw new NotLoaded(error instanceof Error ? error.message : '', { cause: error });
    }
  }

  async check(): Promise<Answers> {
    return (await this.reply('check')) as Answers;
  }

  async warmUp(): Promise<void> {
    await this.reply('warmUp');
  }

  async round(): Promise<Round> {
    return (await this.reply('round')) as Round;
  }

  stop(): void {
    this.child.kill('SIGKILL');
  }

  private async reply(order: Order): Promise<unknown> {
    this.child.send(order);
    return replyOf(this.child);
  }
}

/** The next message of the process. */
async function replyOf(child: ChildProcess): Promise<unknown> {
  const waiting = new AbortController();
  const { signal } = waiting;
  const timer = setTimeout(() => waiting.abort(), TIMEOUT_MS);
  const ended = once(child, 'exit', { signal }).then(() => {
    throw new Error('ended by itself');
  });
  try {
    const [reply] = (await Promise.race([once(child, 'message', { signal }), ended])) as unknown[];
    return reply;
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new Error(`over ${TIMEOUT_MS / 1000} s`, { cause: error });
  } finally {
    clearTimeout(timer);
    waiting.abort();
  }
}
