import { CommandError } from '../command-line/command-error.js';
import { parseWords } from '../command-line/parse-words.js';

/** Forms that a report can have. */
export const REPORT_FORMATS = ['text', 'json', 'junit'] as const;

/** Form of a report: for people, for programs, for what draws tables of tests. */
export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** What the command is asked for. */
export interface TestCommand {
  /** Folders and files, at least one. */
  readonly paths: readonly string[];
  /** Whether warnings, and what could not be run, fail. */
  readonly isStrict: boolean;
  readonly format: ReportFormat;
  /** The file that the report goes to; `undefined` for standard output. */
  readonly output: string | undefined;
}

/** How the command is used, for the terminal. */
export const USAGE = `Usage: npm run policy -- test [options] <folder or file> ...

Checks the access policies of YAML and JSON files as the server does when they are
written, and runs the tests that they bring. Needs neither a server nor a database.

Options
  --strict           warnings, and what cannot be run without a database, fail as well
  --format <form>    ${REPORT_FORMATS.join(', ')}; text unless given
  --output <file>    where the report goes; the terminal then shows it as text
  --help             this text

Exit status
  0  everything passed
  1  a policy is not valid, a test failed, or a file cannot be read
  2  the command cannot be carried out, or there is nothing to test
`;

/**
 * Reads the words after the command's name.
 *
 * @returns `undefined` when help is asked for.
 * @throws CommandError for anything that is not understood.
 */
export function parseCommandLine(words: readonly string[]): TestCommand | undefined {
  const { values, positionals } = parsed(words);
  if (values.help) return undefined;
  const [verb, ...paths] = positionals;
  if (verb !== 'test') throw new CommandError('The one thing to do with policies is: test');
  if (paths.length === 0) throw new CommandError('Name the folder of the policies, or files');
  if (paths.includes('')) throw new CommandError('The name of a folder or file is empty');
  const format = REPORT_FORMATS.find((known) => known === values.format);
  if (format === undefined) {
    throw new CommandError(`--format is one of ${REPORT_FORMATS.join(', ')}`);
  }
  if (values.output === '') throw new CommandError('--output needs the name of a file');
  return { paths, isStrict: values.strict, format, output: values.output };
}

function parsed(words: readonly string[]) {
  return parseWords(words, {
    strict: { type: 'boolean', default: false },
    format: { type: 'string', default: 'text' },
    output: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  });
}
