import { parseArgs, type ParseArgsConfig } from 'node:util';
import { CommandError } from './command-error.js';

type Options = NonNullable<ParseArgsConfig['options']>;
type Parsed<T extends Options> = ReturnType<
  typeof parseArgs<{ args: string[]; allowPositionals: true; options: T }>
>;

/**
 * Tells the options of a command line from its other words.
 *
 * @throws CommandError in the words of the parser, for what it refuses.
 */
export function parseWords<T extends Options>(words: readonly string[], options: T): Parsed<T> {
  try {
    return parseArgs({ args: [...words], allowPositionals: true, options });
  } catch (error) {
    const message = refusalOf(error);
    if (message === undefined) throw error;
    throw new CommandError(message);
  }
}

function refusalOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const [code, message] = [Reflect.get(error, 'code'), Reflect.get(error, 'message')] as unknown[];
  const isRefusal = typeof code === 'string' && code.startsWith('ERR_PARSE_ARGS_');
  return isRefusal ? String(message) : undefined;
}
