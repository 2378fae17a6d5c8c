import { readFileSync } from 'node:fs';
import type { TypeDefinition, ValueSetDefinition } from './type-definition.js';

/** From the sources, from what is compiled of them, and from compiled benchmarks. */
const FOLDERS = ['../../..', '../../../..', '../../../../..'].map(
  (root) => `${root}/definitions/r4/`,
);

/**
 * The definitions of FHIR R4 (4.0.1) that this server checks by. The files are read at once, which takes
 * milliseconds; each definition is parsed when it is first asked for.
 */
export class R4Definitions {
  private readonly types = linesByName('types.ndjson', '{"name":"');
  private readonly valueSets = linesByName('value-sets.ndjson', '{"url":"');

  /** @returns `undefined` for what is no type of R4. */
  type(name: string): TypeDefinition | undefined {
    return parsed(this.types.get(name)) as TypeDefinition | undefined;
  }

  /**
   * @param url without a version
   * @returns `undefined` for a value set that R4 does not require anywhere.
   */
  valueSet(url: string): ValueSetDefinition | undefined {
    return parsed(this.valueSets.get(url)) as ValueSetDefinition | undefined;
  }
}

function parsed(line: string | undefined): unknown {
  return line === undefined ? undefined : JSON.parse(line);
}

function linesByName(file: string, head: string): ReadonlyMap<string, string> {
  const lines = textOf(file).split('\n');
  return new Map(
    lines
      .filter((line) => line.startsWith(head))
      .map((line) => [line.slice(head.length, line.indexOf('"', head.length)), line]),
  );
}

function textOf(file: string): string {
  for (const folder of FOLDERS) {
    try {
      return readFileSync(new URL(folder + file, import.meta.url), 'utf8');
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }
  throw new Error(`definitions/r4/${file} is missing; it belongs to the program`);
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
