import { stat, writeFile } from 'node:fs/promises';
import { CommandError } from './command-line/command-error.js';
import { errorCode } from './command-line/error-code.js';
import { findFiles } from './command-line/find-files.js';
import { printable } from './command-line/printable.js';
import { loaderEnvironment } from './config/loader-environment.js';
import { parseCommandLine, USAGE, type LoadCommand } from './loading/command-line.js';
import { FhirServer } from './loading/fhir-server.js';
import { Journal } from './loading/journal.js';
import { load } from './loading/load.js';
import { ProgressBar } from './loading/progress-bar.js';
import { refusalLines, summaryOf } from './loading/summary.js';
import { Tally } from './loading/tally.js';

const LOADED = 0;
const REFUSED = 1;
const UNUSABLE = 2;

const EXTENSIONS: ReadonlySet<string> = new Set(['.json', '.ndjson']);
/** Of a file that is no NDJSON, and of a line; the server has a limit of its own. */
const MAX_BYTES = 256 * 1024 * 1024;
const TIMEOUT_MS = 600_000;
const ATTEMPTS = 8;

/** At the first Ctrl-C what is under way is waited for; at the second nothing is. */
const interrupted = new AbortController();
process.once('SIGINT', () => {
  process.stderr.write('\nWaiting for what is under way; once more ends at once\n');
  interrupted.abort();
});

async function main(): Promise<number> {
  const command = parseCommandLine(process.argv.slice(2), loaderEnvironment());
  if (!command) {
    await print(USAGE);
    return LOADED;
  }
  const tally = new Tally();
  const files = await readable(command, tally);
  const journal = await opened(command);
  const startedAt = performance.now();
  const bar = new ProgressBar(tally, await sizeOf(files), process.stderr);
  try {
    await load({
      files,
      server: new FhirServer({ ...command, timeoutMs: TIMEOUT_MS, attempts: ATTEMPTS }),
      journal,
      limits: { resources: command.resources, maxBytes: MAX_BYTES },
      concurrency: command.concurrency,
      repeatsUncertain: command.repeatsUncertain,
      tally,
      stop: interrupted,
    });
  } finally {
    bar.stop();
    await journal.close();
  }
  await print(summaryOf(tally, performance.now() - startedAt));
  if (command.report !== undefined) await writeFile(command.report, refusalLines(tally));
  return tally.isComplete && !interrupted.signal.aborted ? LOADED : REFUSED;
}

/** The files that can be read; of the others it is said why not. */
async function readable({ paths }: LoadCommand, tally: Tally): Promise<readonly string[]> {
  const files: string[] = [];
  for (const { path, problem } of await findFiles(paths, EXTENSIONS)) {
    if (problem === undefined) files.push(path);
    else tally.unreadable({ file: path, place: '', problem, bytes: 0 });
  }
  if (files.length === 0) throw new CommandError('There is nothing to load (.json, .ndjson)');
  return files;
}

async function opened({ journal, baseUrl }: LoadCommand): Promise<Journal> {
  try {
    return await Journal.open(journal, baseUrl);
  } catch (error) {
    throw new CommandError(`The journal ${journal} cannot be used (${errorCode(error)})`);
  }
}

async function sizeOf(files: readonly string[]): Promise<number> {
  let bytes = 0;
  for (const file of files) bytes += (await stat(file)).size;
  return bytes;
}

function print(text: string): Promise<void> {
  return new Promise((resolve) => {
    // Whoever reads no further has seen enough.
    process.stdout.on('error', () => resolve());
    process.stdout.write(text, () => resolve());
  });
}

function explained(error: unknown): string {
  if (error instanceof CommandError) return `${printable(error.message)}\n\n${USAGE}`;
  return `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`;
}

main().then(
  (status) => process.exit(status),
  (error: unknown) => {
    process.stderr.write(explained(error), () => process.exit(UNUSABLE));
  },
);
