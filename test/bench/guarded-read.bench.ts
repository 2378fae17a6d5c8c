import { onEmbeddedDatabase } from './embedded-database.js';
import { load, type Load } from './load.js';
import { startServer } from './process.js';
import { issuerKey, makeTokens, PATIENT_PATH, prepare } from './scenario.js';
import { row, spread, table } from './table.js';

const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 5);
const DURATION_MS = Number(process.env['BENCH_SECONDS'] ?? 4) * 1000;
/** Long enough for every known token to have been sent. */
const WARM_UP_MS = 5000;
const CONNECTIONS = 16;
const KNOWN_TOKENS = 5000;

/** One way of reading the same Patient. */
interface Contestant {
  readonly name: string;
  readonly variant: 'guarded' | 'public' | 'database';
  /** How many tokens are sent in turn; `new` sends each token once. */
  readonly tokens: 'none' | 'one' | 'known' | 'new';
}

const CONTESTANTS: readonly Contestant[] = [
  { name: 'HTTP server and database only', variant: 'database', tokens: 'none' },
  // Sends tokens too: what is compared is the guard, and not how long the requests are.
  { name: 'without the guard', variant: 'public', tokens: 'known' },
  { name: 'guarded, one token', variant: 'guarded', tokens: 'one' },
  { name: `guarded, ${KNOWN_TOKENS} known tokens`, variant: 'guarded', tokens: 'known' },
  { name: 'guarded, every token new', variant: 'guarded', tokens: 'new' },
];

/**
 * Reads of one Patient through Wardgate against the same route without its guard, in alternating rounds of
 * freshly started processes. Prints a table and judges nothing.
 */
const main = (): Promise<void> => onEmbeddedDatabase(measure);

/** What one round of one contestant came to. */
interface Round {
  readonly load: Load;
  /** Processor time of the server for one request, in µs. */
  readonly cpuPerRequest: number;
  readonly startMs: number;
  readonly residentMiB: number;
}

async function measure(url: string): Promise<void> {
  const key = issuerKey();
  const server = await startServer('guarded', url);
  await prepare(server.baseUrl, key);
  await server.stop();

  const results = new Map<string, Round[]>();
  const known = makeTokens(KNOWN_TOKENS, key);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const contestant of CONTESTANTS) {
      const tokens = tokensOf(contestant, known, key);
      const result = await one(contestant, url, tokens);
      results.set(contestant.name, [...(results.get(contestant.name) ?? []), result]);
    }
  }
  report(results);
}

function tokensOf(
  { tokens }: Contestant,
  known: readonly string[],
  key: ReturnType<typeof issuerKey>,
): { readonly warmUp: readonly string[]; readonly measured: readonly string[] } {
  switch (tokens) {
    case 'none':
      return { warmUp: [], measured: [] };
    case 'one':
      return { warmUp: known.slice(0, 1), measured: known.slice(0, 1) };
    case 'known':
      return { warmUp: known, measured: known };
    case 'new':
      // More than can be sent in the time, so that none comes twice.
      return { warmUp: known.slice(0, 1), measured: makeTokens(DURATION_MS * 4, key) };
  }
}

async function one(
  { variant }: Contestant,
  url: string,
  tokens: ReturnType<typeof tokensOf>,
): Promise<Round> {
  const server = await startServer(variant, url);
  try {
    const options = { path: PATIENT_PATH, connections: CONNECTIONS };
    await load(server.baseUrl, { ...options, durationMs: WARM_UP_MS, tokens: tokens.warmUp });
    const spentBefore = server.cpuMicroseconds();
    const measured = await load(server.baseUrl, {
      ...options,
      durationMs: DURATION_MS,
      tokens: tokens.measured,
    });
    return {
      load: measured,
      cpuPerRequest: (server.cpuMicroseconds() - spentBefore) / measured.requests,
      startMs: server.startMs,
      residentMiB: server.residentMiB(),
    };
  } finally {
    await server.stop();
  }
}

function ratio(load: Load, base: Load | undefined): number {
  return load.requestsPerSecond / (base?.requestsPerSecond ?? Number.NaN);
}

function report(results: Map<string, Round[]>): void {
  const base = results.get('without the guard') ?? [];
  const rows = [...results].map(([name, rounds]) =>
    row(
      name,
      spread(
        rounds.map(({ load }) => load.requestsPerSecond),
        0,
      ),
      spread(
        rounds.map((round, at) => ratio(round.load, base[at]?.load)),
        2,
      ),
      spread(
        rounds.map(({ cpuPerRequest }) => cpuPerRequest),
        0,
      ),
      spread(
        rounds.map(({ load }) => load.p50),
        2,
      ),
      spread(
        rounds.map(({ load }) => load.p99),
        2,
      ),
      spread(
        rounds.map(({ startMs }) => startMs),
        0,
      ),
      spread(
        rounds.map(({ residentMiB }) => residentMiB),
        0,
      ),
    ),
  );
  const heads = [
    ...['read', 'requests/s', 'to without guard', 'server CPU, µs'],
    ...['p50 ms', 'p99 ms', 'start ms', 'MiB'],
  ];
  print(table(heads, rows));
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

await main();
