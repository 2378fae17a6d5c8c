import { onEmbeddedDatabase } from './embedded-database.js';
import { BUNDLE_SIZES } from './fixed-upstream.js';
import { load, type Load } from './load.js';
import { hasNginx, startNginx } from './nginx.js';
import { startServer, type ServerProcess } from './process.js';
import { issuerKey, ISSUER, makeTokens, PATIENT_PATH, prepare, putAsRoot } from './scenario.js';
import { row, spread, table } from './table.js';

const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 5);
const DURATION_MS = Number(process.env['BENCH_SECONDS'] ?? 4) * 1000;
const WARM_UP_MS = 3000;
const CONNECTIONS = 16;
const TOKENS = 100;

const [SMALL, LARGE] = BUNDLE_SIZES;

/** What is asked for. */
const SHAPES: readonly (readonly [name: string, path: string])[] = [
  ['a Patient', PATIENT_PATH],
  [`a Bundle of ${SMALL}`, `/fhir/Observation?_count=${SMALL}`],
  [`a Bundle of ${LARGE}`, `/fhir/Observation?_count=${LARGE}`],
];

/** What stands between the client and the upstream. */
interface Contestant {
  readonly name: string;
  /** `undefined` where nothing does. */
  readonly start: (() => Promise<ServerProcess>) | undefined;
}

/** What one round of one contestant came to. */
interface Round {
  readonly busy: Load;
  readonly alone: Load;
  /** Processor time of what stands between, for one request, in µs. */
  readonly cpuPerRequest: number;
}

/**
 * The gateway against the upstream asked directly, and against nginx, which only passes on: in rounds in
 * which they take turns, in fresh processes. Prints a table and judges nothing.
 */
const main = (): Promise<void> => onEmbeddedDatabase(measure);

async function measure(databaseUrl: string): Promise<void> {
  const key = issuerKey();
  const tokens = makeTokens(TOKENS, key);
  const upstream = await startServer('upstream', '');
  const upstreamUrl = `${upstream.baseUrl}/fhir`;
  const startGateway = () => startServer('gateway', databaseUrl, upstreamUrl);
  try {
    const gateway = await startGateway();
    await prepare(gateway.baseUrl, key);
    await putAsRoot(gateway.baseUrl, '/fhir/AccessPolicy/observations', {
      engine: 'matcho',
      matcho: { jwt: { iss: ISSUER }, params: { 'resource/type': 'Observation' } },
    });
    await gateway.stop();
    const contestants: Contestant[] = [
      { name: 'the upstream itself', start: undefined },
      { name: 'through Wardgate', start: startGateway },
    ];
    if (hasNginx()) {
      contestants.splice(1, 0, { name: 'through nginx', start: () => startNginx(upstreamUrl) });
    } else print('There is no nginx to compare with; BENCH_NGINX names one.');
    const results = new Map<string, Round[]>();
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const contestant of contestants) await turn(contestant, upstream, tokens, results);
    }
    report(results, contestants);
  } finally {
    await upstream.stop();
  }
}

async function turn(
  { name, start }: Contestant,
  upstream: ServerProcess,
  tokens: readonly string[],
  results: Map<string, Round[]>,
): Promise<void> {
  const server = (await start?.()) ?? upstream;
  try {
    for (const [shape, path] of SHAPES) {
      const run = (connections: number, durationMs: number) =>
        load(server.baseUrl, { path, connections, durationMs, tokens });
      await run(CONNECTIONS, WARM_UP_MS);
      const spentBefore = server.cpuMicroseconds();
      const busy = await run(CONNECTIONS, DURATION_MS);
      const cpuPerRequest = (server.cpuMicroseconds() - spentBefore) / busy.requests;
      const alone = await run(1, DURATION_MS / 2);
      const key = `${shape}, ${name}`;
      results.set(key, [...(results.get(key) ?? []), { busy, alone, cpuPerRequest }]);
    }
  } finally {
    if (start) await server.stop();
  }
}

function report(results: Map<string, Round[]>, contestants: readonly Contestant[]): void {
  const rows = SHAPES.flatMap(([shape]) => {
    const base = results.get(`${shape}, ${contestants[0]?.name}`) ?? [];
    return contestants.map(({ name }) => line(`${shape}, ${name}`, results, base));
  });
  const heads = [
    ...['asked for', 'requests/s', 'to the upstream itself', 'CPU of it, µs', 'p99 ms'],
    ...['alone: p50 ms', 'alone: p50 added, ms'],
  ];
  print(table(heads, rows));
}

function line(name: string, results: Map<string, Round[]>, base: readonly Round[]): string {
  const rounds = results.get(name) ?? [];
  const of = (value: (round: Round, at: number) => number, digits: number) =>
    spread(rounds.map(value), digits);
  const baseOf = (at: number) => base[at] ?? rounds[at];
  return row(
    name,
    of(({ busy }) => busy.requestsPerSecond, 0),
    of(({ busy }, at) => busy.requestsPerSecond / (baseOf(at)?.busy.requestsPerSecond ?? 0), 2),
    of(({ cpuPerRequest }) => cpuPerRequest, 0),
    of(({ busy }) => busy.p99, 2),
    of(({ alone }) => alone.p50, 2),
    of(({ alone }, at) => alone.p50 - (baseOf(at)?.alone.p50 ?? 0), 2),
  );
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

await main();
