import { CommandError } from '../command-line/command-error.js';
import { parseWords } from '../command-line/parse-words.js';

/** As whom resources are loaded: nobody, by an access token, or as a Client by `<id>:<secret>`. */
export interface LoadCredential {
  readonly token: string | undefined;
  readonly client: string | undefined;
}

/** What the command is asked for. */
export interface LoadCommand {
  /** Folders and files, at least one. */
  readonly paths: readonly string[];
  /** Base URL of the FHIR API, without a `/` at its end. */
  readonly baseUrl: string;
  /** Value of the `Authorization` header. */
  readonly authorization: string | undefined;
  /** Bundles that are under way at a time. */
  readonly concurrency: number;
  /** Resources of a batch. */
  readonly resources: number;
  readonly journal: string;
  readonly repeatsUncertain: boolean;
  /** The file that every refusal goes to, as NDJSON. */
  readonly report: string | undefined;
}

/** How the command is used, for the terminal. */
export const USAGE = `Usage: npm run load -- [options] <folder or file> ...

Loads FHIR resources into a running server: transaction and batch Bundles as they are,
other Bundles and single resources (.json), resources one a line (.ndjson).

Options
  --url <url>          base of the FHIR API; http://localhost:8080/fhir unless given
  --parallel <n>       Bundles under way at a time, 1 to 64; 4 unless given
  --batch <n>          resources sent at once, 1 to 5000; 100 unless given
  --journal <file>     what was loaded, so that a load that was interrupted goes on;
                       wardgate-load.journal unless given
  --repeat-uncertain   send again what may have been carried out before
  --report <file>      every refusal, as NDJSON
  --help               this text

Environment
  LOAD_TOKEN           access token, sent as Bearer; or
  LOAD_CLIENT          <id>:<secret> of a Client, sent as Basic

Exit status
  0  everything is loaded
  1  something was refused, or may or may not be loaded
  2  the command cannot be carried out
`;

/**
 * Reads the words after the command's name.
 *
 * @returns `undefined` when help is asked for.
 * @throws CommandError for anything that is not understood.
 */
export function parseCommandLine(
  words: readonly string[],
  credential: LoadCredential,
): LoadCommand | undefined {
  const { values, positionals } = parseWords(words, {
    url: { type: 'string', default: 'http://localhost:8080/fhir' },
    parallel: { type: 'string', default: '4' },
    batch: { type: 'string', default: '100' },
    journal: { type: 'string', default: 'wardgate-load.journal' },
    'repeat-uncertain': { type: 'boolean', default: false },
    report: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  });
  if (values.help) return undefined;
  if (positionals.length === 0) throw new CommandError('Name a folder or files to load');
  if ([...positionals, values.journal, values.report].includes('')) {
    throw new CommandError('The name of a folder or file is empty');
  }
  return {
    paths: positionals,
    baseUrl: baseUrlOf(values.url),
    authorization: authorizationOf(credential),
    concurrency: numberOf('--parallel', values.parallel, 64),
    resources: numberOf('--batch', values.batch, 5000),
    journal: values.journal,
    repeatsUncertain: values['repeat-uncertain'],
    report: values.report,
  };
}

function baseUrlOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    throw new CommandError('--url is the http or https address of a FHIR API');
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new CommandError('--url holds neither a credential nor a query; see Environment');
  }
  return url.href.replace(/\/+$/, '');
}

function authorizationOf({ token, client }: LoadCredential): string | undefined {
  if (token && client) throw new CommandError('Set LOAD_TOKEN or LOAD_CLIENT, not both');
  if (token) return `Bearer ${token}`;
  if (!client) return undefined;
  if (!client.includes(':')) throw new CommandError('LOAD_CLIENT is <id>:<secret>');
  return `Basic ${Buffer.from(client).toString('base64')}`;
}

function numberOf(option: string, text: string, most: number): number {
  const value = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (value < 1 || value > most) throw new CommandError(`${option} is a number from 1 to ${most}`);
  return value;
}
