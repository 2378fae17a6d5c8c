import { fullFormats } from 'ajv-formats/dist/formats.js';
import type { Work } from '../key-count.js';
import { checkRegex } from '../matcho/regex.js';
import { UnsupportedRegex } from '../matcho/regex-syntax.js';
import { Undecidable } from '../matcho/work-limit.js';

// The expressions behind the formats backtrack, at worst quadratically; this keeps them short.
const MAX_SUBJECT = 2_048;

/** @param work what a text takes besides is spent from. */
type FormatTest = (text: string, work?: Work) => boolean;

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

/** Units of work that a text takes to be tested by a format at worst; what it is to compile as an expression aside. */
export function workOnFormat(name: string, text: string): number {
  const length = Math.min(text.length, MAX_SUBJECT);
  return 1 + (name === 'regex' ? 2 * length : length ** 2 / 1_000);
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
  return (text, work) => {
    if (text.length > MAX_SUBJECT) throw new Undecidable();
    return test(text, work);
  };
}

function asAscii(test: FormatTest): FormatTest {
  return (text) => test(text.replace(/[\u00a1-\u{10ffff}]/gu, 'a'));
}

function isRegex(text: string, work?: Work): boolean {
  try {
    if (text !== '') checkRegex(text, work);
    return true;
  } catch (error) {
    if (error instanceof UnsupportedRegex) return false;
    throw error;
  }
}
