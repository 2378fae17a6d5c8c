import { BadRequest } from '../../errors/fhir-error.js';

/** Comparison prefixes of date parameters (FHIR R4, Search §3.1.1.4.3), `ap` excepted. */
export type DatePrefix = 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le' | 'sa' | 'eb';

/** A half-open span of time. */
export interface Period {
  readonly from: Date;
  readonly until: Date;
}

const DATE_TIME =
  /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:\d\d)?)?)?)?$/;

export function splitPrefix(value: string): { prefix: DatePrefix; rest: string } {
  const found = /^(eq|ne|gt|ge|lt|le|sa|eb)(?=\d)/.exec(value);
  const prefix = (found?.[1] ?? 'eq') as DatePrefix;
  return { prefix, rest: found ? value.slice(2) : value };
}

/**
 * The whole span that a FHIR date, dateTime or instant stands for; without a zone it is UTC.
 *
 * @throws BadRequest for anything else, impossible days included.
 */
export function parsePeriod(text: string): Period {
  const found = DATE_TIME.exec(text);
  if (!found) throw unreadable(text);
  const [, year, month, day, hour, minute, second, fraction, zone] = found;
  const iso =
    `${year}-${month ?? '01'}-${day ?? '01'}T${hour ?? '00'}:${minute ?? '00'}:${second ?? '00'}` +
    `.${(fraction ?? '').padEnd(3, '0').slice(0, 3)}${zone ?? 'Z'}`;
  const from = new Date(iso);
  if (Number.isNaN(from.getTime()) || !isRealDay(Number(year), Number(month ?? 1), Number(day ?? 1))) {
    throw unreadable(text);
  }
  const until = new Date(from);
  if (fraction !== undefined) until.setTime(from.getTime() + 1);
  else if (second !== undefined) until.setTime(from.getTime() + 1000);
  else if (minute !== undefined) until.setTime(from.getTime() + 60_000);
  else if (day !== undefined) until.setUTCDate(from.getUTCDate() + 1);
  else if (month !== undefined) until.setUTCMonth(from.getUTCMonth() + 1);
  else until.setUTCFullYear(from.getUTCFullYear() + 1);
  return { from, until };
}

function isRealDay(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

function unreadable(text: string): BadRequest {
  return new BadRequest(`${JSON.stringify(text.slice(0, 50))} is not a FHIR date or dateTime`, 'value');
}
