import { hasSqlDetails, loadModule, parseSync } from 'libpg-query';
import type { Json } from '../../../policy/json.js';
import type { SqlParse } from '../../../policy/sql/sql-dialect.js';

/** The parser of PostgreSQL itself, compiled to WebAssembly. */
export class PostgresParser {
  private constructor() {
    // Made by load() only, as there is nothing to parse with before.
  }

  /** Takes some tenths of a second. */
  static async load(): Promise<PostgresParser> {
    await loadModule();
    return new PostgresParser();
  }

  /** Turns a text into the parse tree of PostgreSQL. */
  parse(text: string): SqlParse {
    try {
      // Its types name every node as optional; what is in the tree is checked as JSON.
      return { kind: 'tree', tree: parseSync(text) as unknown as Json };
    } catch (error) {
      if (hasSqlDetails(error)) {
        const { message, sqlDetails } = error;
        return { kind: 'fault', message, position: sqlDetails?.cursorPosition };
      }
      // Whatever else it throws, the text has not been understood.
      return { kind: 'fault', message: 'too deeply nested to be parsed', position: undefined };
    }
  }
}
