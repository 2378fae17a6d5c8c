import { fullFormats } from 'ajv-formats/dist/formats.js';
import { compileRegex } from '../matcho/regex.js';
import { UnsupportedRegex } from '../matcho/regex-syntax.js';
import { Undecidable } from '../matcho/work-limit.js';

// The expressions behind the formats backtrack, at worst quadratically; this keeps them short.
const MAX_SUBJECT = 2_048;

type FormatTest = (text: string) => boolean;

/** Names of formats whose tests come with the validator. */
const PLAIN = [
  'date',
  'time',
  'date-time',
  'email',
  'hostname',
  'ipv4',
  'ipv6',
  'uri',
  'uri-reference',
  'uri-template',
  'json-pointer',
  'relative-json-pointer',
] as const;

/** Internationalised formats are the plain ones once letters beyond ASCII count as letters. */
const INTERNATIONAL = [
  ['idn-email', 'email'],
  ['idn-hostname', 'hostname'],
  ['iri', 'uri'],
  ['iri-reference', 'uri-reference'],
] as const;

/** All formats of draft-07, bounded in time. Each throws Undecidable on a text that is too long. */
export const FORMATS: ReadonlyMap<string, FormatTest> = new Map<string, FormatTest>([
  ...PLAIN.map((name) => [name, bounded(plain(name))] as const),
  ...INTERNATIONAL.map(([name, base]) => [name, bounded(asAscii(plain(base)))] as const),
  ['regex', bounded(isRegex)],
]);

/** Units of work that a text takes to be tested by a format at worst. */
export function workOnFormat(name: string, text: string): number {
  // To see whether a text is an expression it is compiled, with all its repetitions.
  const compiling = name === 'regex' ? 1_000 : 0;
  return 1 + compiling + Math.min(text.length, MAX_SUBJECT) ** 2 / 1_000;
}

function plain(name: (typeof PLAIN)[number]): FormatTest {
  const format: unknown = fullFormats[name];
  if (format instanceof RegExp) return (text) => format.test(text);
  const test: unknown =
    typeof format === 'object' && format !== null && 'validate' in format
      ? format.validate
      : format;
  if (typeof test !== 'function') throw new TypeError(`no test for the format ${name}`);
  return (text) => Boolean((test as (subject: string) => unknown)(text));
}

function bounded(test: FormatTest): FormatTest {
  return (text) => {
    if (text.length > MAX_SUBJECT) throw new Undecidable();
    return test(text);
  };
}

function asAscii(test: FormatTest): FormatTest {
  return (text) => test(text.replace(/[\u00a1-\u{10ffff}]/gu, 'a'));
}

function isRegex(text: string): boolean {
  try {
    return text === '' || compileRegex(text).source === text;
  } catch (error) {
    if (error instanceof UnsupportedRegex) return false;
    throw error;
  }
}
