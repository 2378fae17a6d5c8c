import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '../../src/policy/json.js';

/** One case of a Wycheproof file, with the keys of its group. */
export interface JoseVector {
  readonly tcId: number;
  /** The comments of group and case. */
  readonly title: string;
  /** What is sent as a token; cases in the JSON serialisation as their text. */
  readonly token: string;
  /** What the file itself says of it. */
  readonly isValid: boolean;
  /** The keys that a verifier is given: public ones where the group has them. */
  readonly jwks: readonly JsonObject[];
}

/** One worked example of RFC 7520 §4. */
export interface CookbookExample {
  readonly title: string;
  readonly input: { readonly key: JsonObject | readonly JsonObject[] };
  readonly output: {
    readonly compact?: string;
    readonly json?: JsonObject;
    readonly json_flat?: JsonObject;
  };
}

interface Case {
  readonly tcId: number;
  readonly comment: string;
  readonly jws?: unknown;
  readonly jwe?: unknown;
  readonly result: 'valid' | 'invalid';
}

interface Group {
  readonly comment: string;
  readonly public?: JsonObject;
  readonly private?: JsonObject;
  readonly tests: readonly Case[];
}

const PROJECT = join(import.meta.dirname, '../..');
const FOLDER = join(process.env['WARDGATE_TEST_DATA'] ?? join(PROJECT, '../shared/data'), 'jose');

/** Whether the vectors of others are on this machine. */
export const hasJoseVectors = existsSync(FOLDER);

/**
 * The cases of `wycheproof_<file>_test.json`.
 *
 * @param kind which of the two serialisations; a file may hold both
 */
export function joseVectors(file: string, kind: 'jws' | 'jwe'): readonly JoseVector[] {
  const text = readFileSync(join(FOLDER, `wycheproof_${file}_test.json`), 'utf8');
  const { testGroups } = JSON.parse(text) as { readonly testGroups: readonly Group[] };
  return testGroups.flatMap((group) =>
    group.tests.flatMap((one) => {
      const value = one[kind];
      if (value === undefined) return [];
      return {
        tcId: one.tcId,
        title: `${group.comment}, ${one.comment}`,
        token: typeof value === 'string' ? value : JSON.stringify(value),
        isValid: one.result === 'valid',
        jwks: jwksOf(group.public ?? group.private ?? {}),
      };
    }),
  );
}

/** The worked examples of RFC 7520 §4. */
export function cookbookExamples(): readonly CookbookExample[] {
  const folder = join(FOLDER, 'rfc7520/jws');
  return readdirSync(folder).map(
    (name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as CookbookExample,
  );
}

function jwksOf(document: JsonObject): readonly JsonObject[] {
  const keys = document['keys'];
  return Array.isArray(keys) ? (keys as readonly JsonObject[]) : [document];
}
