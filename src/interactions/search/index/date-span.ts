import { isJsonObject, type Json, type JsonObject } from '../../formats/json.js';
import { parsePeriod, type Period } from '../period.js';
import { own, textOf } from './element-values.js';

/** A half-open span of time as PostgreSQL reads it. */
export interface IndexedSpan {
  readonly low: string;
  readonly high: string;
}

const OPEN: IndexedSpan = { low: '-infinity', high: 'infinity' };

/**
 * The span that a date, dateTime, instant, Period or Timing stands for; a Timing from its first event to
 * its last, or its bounds.
 *
 * @returns `undefined` for what is no date: nothing would be found by it.
 */
export function dateSpan(type: string, value: Json): IndexedSpan | undefined {
  if (typeof value === 'string') return spanOf(value);
  if (!isJsonObject(value)) return undefined;
  return type === 'Timing' ? timingSpan(value) : periodSpan(value);
}

/** A moment as PostgreSQL reads it; years that it or ISO 8601 cannot write are infinitely far. */
export function timestampText(moment: Date): string {
  const text = moment.toISOString();
  if (text.startsWith('+')) return OPEN.high;
  return text.startsWith('-') || text.startsWith('0000') ? OPEN.low : text;
}

function periodSpan(period: JsonObject): IndexedSpan | undefined {
  const start = readable(textOf(period, 'start'));
  const end = readable(textOf(period, 'end'));
  if (!start && !end) return undefined;
  return between(start?.from, end?.until);
}

function between(from: Date | undefined, until: Date | undefined): IndexedSpan | undefined {
  if (from && until && from >= until) return undefined;
  const low = from ? timestampText(from) : OPEN.low;
  const high = until ? timestampText(until) : OPEN.high;
  return low === high || low === OPEN.high ? undefined : { low, high };
}

function timingSpan(timing: JsonObject): IndexedSpan | undefined {
  const events = own(timing, 'event');
  const spans = (Array.isArray(events) ? (events as readonly Json[]) : [])
    .flatMap((event) => readable(event) ?? [])
    .sort((one, other) => one.from.getTime() - other.from.getTime());
  const first = spans[0];
  if (first) {
    const last = spans.reduce(
      (latest, { until }) => (until > latest ? until : latest),
      first.until,
    );
    return between(first.from, last);
  }
  const repeat = own(timing, 'repeat');
  const bounds = isJsonObject(repeat) ? own(repeat, 'boundsPeriod') : undefined;
  return isJsonObject(bounds) ? periodSpan(bounds) : undefined;
}

function spanOf(text: string): IndexedSpan | undefined {
  const period = readable(text);
  return period && between(period.from, period.until);
}

/** Resources may hold dates that cannot be read; they are stored, but found by nothing. */
function readable(value: Json | undefined): Period | undefined {
  if (typeof value !== 'string') return undefined;
  try {
    return parsePeriod(value);
  } catch {
    return undefined;
  }
}
