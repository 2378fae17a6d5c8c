import type { Json } from '../../interactions/formats/json.js';
import { isBase64 } from './base64.js';

/** Says what a value of a primitive type must be; `undefined` when it is that. */
export type PrimitiveCheck = (value: Json) => string | undefined;

const MAX_STRING = 1024 * 1024;
const CONTROL = /[\0-\x08\x0b\x0c\x0e-\x1f]/;
const CODE = /^[^\s]+(?:\s[^\s]+)*$/;
const ID = /^[A-Za-z0-9\-.]{1,64}$/;
const OID = /^urn:oid:[0-2](?:\.(?:0|[1-9][0-9]*))+$/;
const UUID = /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const TIME = '(?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:\\.[0-9]{1,32})?';
const ZONE = '(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))';
const YEAR = '(?!0000)[0-9]{4}';
const DAY = `(${YEAR})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])`;
const PARTIAL = `${YEAR}(?:-(?:0[1-9]|1[0-2]))?`;
const DATE = new RegExp(`^(?:${PARTIAL}|${DAY})$`);
const DATE_TIME = new RegExp(`^(?:${PARTIAL}|${DAY}(?:T${TIME}${ZONE})?)$`);
const INSTANT = new RegExp(`^${DAY}T${TIME}${ZONE}$`);
const TIME_ONLY = new RegExp(`^${TIME}$`);
const MAX_INTEGER = 2_147_483_647;

const TEXT = 'must be a string of 1 to 1048576 characters without control characters';
const URI = 'must be a URI without white space';

/** The primitive types of R4 (Datatypes §2.24.0.1) by name; `xhtml` is a matter of its own. */
export const PRIMITIVES: ReadonlyMap<string, PrimitiveCheck> = new Map<string, PrimitiveCheck>([
  ['boolean', (value) => (typeof value === 'boolean' ? undefined : 'must be true or false')],
  ['integer', integer(-MAX_INTEGER - 1, 'must be an integer of 32 bits')],
  ['unsignedInt', integer(0, 'must be an integer from 0 to 2147483647')],
  ['positiveInt', integer(1, 'must be an integer from 1 to 2147483647')],
  ['decimal', decimal],
  ['string', text(() => true, TEXT)],
  ['markdown', text(() => true, TEXT)],
  ['code', text(matches(CODE), 'must be a code: no white space but single spaces inside')],
  ['id', text(matches(ID), 'must be an id: 1 to 64 of A-Z a-z 0-9 - .')],
  ['uri', text(isUri, URI)],
  ['url', text(isUri, URI)],
  ['canonical', text(isUri, URI)],
  ['oid', text(matches(OID), 'must be an OID such as urn:oid:1.2.3')],
  ['uuid', text(matches(UUID), 'must be a UUID such as urn:uuid: and 36 lower-case characters')],
  ['date', text(calendar(DATE), 'must be a date: YYYY, YYYY-MM or YYYY-MM-DD, one that exists')],
  [
    'dateTime',
    text(
      calendar(DATE_TIME),
      'must be a date, or date and time with seconds and time zone, as 2024-02-29T12:30:00Z',
    ),
  ],
  [
    'instant',
    text(calendar(INSTANT), 'must be a time with seconds and time zone, as 2024-02-29T12:30:00Z'),
  ],
  ['time', text(matches(TIME_ONLY), 'must be a time of day as 12:30:00')],
  ['base64Binary', (value) => (isBase64(value) ? undefined : 'must be base64')],
]);

function integer(least: number, rule: string): PrimitiveCheck {
  return (value) => {
    const fits = Number.isInteger(value) && Number(value) >= least && Number(value) <= MAX_INTEGER;
    return typeof value === 'number' && fits ? undefined : rule;
  };
}

function decimal(value: Json): string | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? undefined : 'must be a number';
}

function text(isValid: (value: string) => boolean, rule: string): PrimitiveCheck {
  return (value) => {
    if (typeof value !== 'string') return `${rule}, a JSON string`;
    if (value === '' || value.length > MAX_STRING || CONTROL.test(value)) return TEXT;
    return isValid(value) ? undefined : rule;
  };
}

function matches(pattern: RegExp): (value: string) => boolean {
  return (value) => pattern.test(value);
}

function isUri(value: string): boolean {
  return !/\s/.test(value);
}

/** What has the form of a date is one only if the month has that day. */
function calendar(pattern: RegExp): (value: string) => boolean {
  return (value) => {
    const [whole, year, month, day] = pattern.exec(value) ?? [];
    if (whole === undefined) return false;
    if (day === undefined) return true;
    return Number(day) <= daysOf(Number(year), Number(month));
  };
}

function daysOf(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}
