import { BadRequest } from '../../errors/fhir-error.js';

/** A half-open span of time; a missing end is open. */
export interface Span {
  readonly from?: Date;
  readonly until?: Date;
}

/** A span with both ends. */
export type Period = Required<Span>;

/** Comparison prefixes of ordered parameters (FHIR R4, Search §3.1.1.4.5). */
export type Prefix = 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le' | 'sa' | 'eb' | 'ap';

const ZONE = 'Z|[+-](?:(?:0\\d|1[0-3]):[0-5]\\d|14:00)';
const TIME = '(?:[01]\\d|2[0-3]):[0-5]\\d(?::[0-5]\\d(?:\\.\\d{1,9})?)?';
const DATE_TIME = new RegExp(
  `^((?!0000)\\d{4}(?:-\\d\\d(?:-\\d\\d)?)?)$|^((?!0000)\\d{4}-\\d\\d-\\d\\dT${TIME})(${ZONE})?$`,
);

/** What a partial dateTime is filled up with. */
const EARLIEST = '0001-01-01T00:00:00.000';

/** Milliseconds that a dateTime stands for, by the number of its characters. */
const SPANS_MS: ReadonlyMap<number, number> = new Map([
  ['0000-00-00'.length, 86_400_000],
  ['0000-00-00T00:00'.length, 60_000],
  ['0000-00-00T00:00:00'.length, 1000],
  ['0000-00-00T00:00:00.0'.length, 100],
  ['0000-00-00T00:00:00.00'.length, 10],
]);

/**
 * When an instant matches a date parameter: in any of the spans.
 *
 * @throws BadRequest 400 for an unknown prefix and whatever {@link parsePeriod} refuses.
 */
export function matchingSpans(value: string): readonly Span[] {
  const { prefix, rest } = splitPrefix(value);
  const period = parsePeriod(rest);
  const { from, until } = period;
  switch (prefix) {
    case 'eq':
      return [{ from, until }];
    case 'ne':
      return [{ until: from }, { from: until }];
    case 'gt':
    case 'sa':
      return [{ from: until }];
    case 'ge':
      return [{ from }];
    case 'lt':
    case 'eb':
      return [{ until: from }];
    case 'le':
      return [{ until }];
    case 'ap':
      return [approximately(period, new Date())];
  }
}

/**
 * The whole span that a FHIR date, dateTime or instant stands for; without a zone it is UTC. Digits
 * beyond milliseconds are dropped, as the store keeps none.
 *
 * @throws BadRequest 400 for anything else, impossible days included.
 */
export function parsePeriod(text: string): Period {
  const [, date, dateTime, zone = 'Z'] = DATE_TIME.exec(text) ?? [];
  const local = date ?? dateTime;
  if (local === undefined) throw unreadable(text);
  const whole = (local + EARLIEST.slice(local.length)).slice(0, EARLIEST.length);
  const from = new Date(`${whole}${zone}`);
  if (!isRealDay(whole.slice(0, 10))) throw unreadable(text);
  return { from, until: endOf(from, local.length) };
}

/** The span widened by a tenth of its distance from now (FHIR R4, Search §3.1.1.4.5, `ap`). */
export function approximately({ from, until }: Period, now: Date): Period {
  const tenthMs = Math.abs(now.getTime() - from.getTime()) / 10;
  return { from: new Date(from.getTime() - tenthMs), until: new Date(until.getTime() + tenthMs) };
}

/** Takes the prefix off a value; `eq` is understood. */
export function splitPrefix(value: string): { readonly prefix: Prefix; readonly rest: string } {
  const found = /^(eq|ne|gt|ge|lt|le|sa|eb|ap)(?=[\d+-])/.exec(value);
  const prefix = (found?.[1] ?? 'eq') as Prefix;
  return { prefix, rest: found ? value.slice(2) : value };
}

function endOf(from: Date, characters: number): Date {
  const until = new Date(from);
  if (characters === 'yyyy'.length) until.setUTCFullYear(from.getUTCFullYear() + 1);
  else if (characters === 'yyyy-mm'.length) until.setUTCMonth(from.getUTCMonth() + 1);
  else until.setTime(from.getTime() + (SPANS_MS.get(characters) ?? 1));
  return until;
}

/** The engine takes the 30th of February for the 1st of March. */
function isRealDay(date: string): boolean {
  const midnight = new Date(`${date}T00:00:00.000Z`);
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(date);
}

function unreadable(text: string): BadRequest {
  const hint = text.includes(' ') ? ' (write the + of a time zone as %2B)' : '';
  return new BadRequest(
    `${JSON.stringify(text.slice(0, 50))} is not a FHIR date or dateTime${hint}`,
    'value',
  );
}
