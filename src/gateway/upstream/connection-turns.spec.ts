import { ConnectionTurns, type GiveBack, type TurnLimits } from './connection-turns.js';

const LIMITS: TurnLimits = { connections: 4, perCaller: 2, waiting: 4 };

/** Takes connections under names, and remembers who got one and who was refused, in order. */
class Requests {
  readonly begun: string[] = [];
  readonly refused: string[] = [];
  private readonly held = new Map<string, GiveBack>();

  constructor(private readonly turns: ConnectionTurns) {}

  /** The caller is the first letter. */
  async ask(names: string, signal = new AbortController().signal): Promise<void> {
    for (const name of names.split(' ')) {
      this.turns.take(name.charAt(0), signal).then(
        (giveBack) => {
          this.begun.push(name);
          this.held.set(name, giveBack);
        },
        (error: unknown) => {
          this.refused.push(`${name}: ${(error as Error).name}`);
        },
      );
    }
    await settled();
  }

  async end(names: string): Promise<void> {
    for (const name of names.split(' ')) {
      this.held.get(name)?.();
      await settled();
    }
  }
}

async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

describe('connections', () => {
  let turns: ConnectionTurns;
  let requests: Requests;

  function limited(limits: Partial<TurnLimits>): void {
    turns = new ConnectionTurns({ ...LIMITS, ...limits });
    requests = new Requests(turns);
  }
  beforeEach(() => {
    limited({});
  });

  it('are had at once while there are any', async () => {
    await requests.ask('a1 a2 b1 b2');

    expect(requests.begun).toEqual(['a1', 'a2', 'b1', 'b2']);
    expect(turns.waiting).toBe(0);
  });

  it('are waited for by who has its share, and had at once by another', async () => {
    await requests.ask('a1 a2 a3 a4');
    expect(requests.begun).toEqual(['a1', 'a2']);

    await requests.ask('b1');
    expect(requests.begun).toEqual(['a1', 'a2', 'b1']);

    await requests.end('a2');
    expect(requests.begun).toEqual(['a1', 'a2', 'b1', 'a3']);
    expect(turns.waiting).toBe(1);
  });

  it('are waited for where all are taken, by callers in turn', async () => {
    limited({ connections: 1, waiting: 10 });
    await requests.ask('a1 a2 a3 a4 b1 b2 c1');

    await requests.end('a1 a2 b1 c1 a3 b2');

    expect(requests.begun).toEqual(['a1', 'a2', 'b1', 'c1', 'a3', 'b2', 'a4']);
  });

  it('are given back once', async () => {
    limited({ connections: 1 });
    await requests.ask('a1 b1 c1');

    await requests.end('a1 a1');

    expect(requests.begun).toEqual(['a1', 'b1']);
  });

  it('are not had by who has gone, who leaves room for another', async () => {
    limited({ connections: 1, waiting: 1 });
    await requests.ask('a1');
    const client = new AbortController();
    await requests.ask('b1', client.signal);

    client.abort(new RangeError());
    await requests.ask('c1');
    await requests.end('a1');

    expect(requests.refused).toEqual(['b1: RangeError']);
    expect(requests.begun).toEqual(['a1', 'c1']);
    await requests.ask('d1', client.signal);
    expect(requests.refused).toEqual(['b1: RangeError', 'd1: RangeError']);
    expect(turns.waiting).toBe(0);
  });

  it('are refused to who waits with most, the last first, where too many wait', async () => {
    limited({ connections: 1 });
    await requests.ask('a1 a2 a3 a4 a5 a6');
    expect(requests.refused).toEqual(['a6: UpstreamBusy']);

    for (const name of ['b1', 'b2', 'b3', 'c1']) await requests.ask(name);
    expect(requests.refused.slice(1)).toEqual([
      'a5: UpstreamBusy',
      'a4: UpstreamBusy',
      'b3: UpstreamBusy',
      'a3: UpstreamBusy',
    ]);
    await requests.end('a1 a2 b1 c1');
    expect(requests.begun).toEqual(['a1', 'a2', 'b1', 'c1', 'b2']);
  });
});
