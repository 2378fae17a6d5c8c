const FORM =
  /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(?:(\d\d):(\d\d)(?::(\d\d(?:\.\d+)?))?)?(Z|[+-]\d\d:\d\d)?)?)?)?$/;
const HOUR = 3_600_000;
/** What clocks differ by at most from Greenwich. */
const MAX_OFFSET = 14 * HOUR;

/** A date or time as the span that it may mean, in milliseconds since 1970. */
export class Moment {
  constructor(
    readonly earliest: number,
    readonly latest: number,
    /** It says its time zone; else it is given here as if it were UTC. */
    readonly isZoned: boolean,
  ) {}

  /** @returns `undefined` where either may be the earlier one. */
  isBefore(other: Moment): boolean | undefined {
    const isSame = this.earliest === other.earliest && this.latest === other.latest;
    if (isSame && this.isZoned === other.isZoned) return false;
    // Two without a zone are taken to be of one and the same.
    const slack = this.isZoned === other.isZoned ? 0 : MAX_OFFSET;
    if (this.latest + slack < other.earliest) return true;
    return this.earliest - slack > other.latest ? false : undefined;
  }

  toString(): string {
    return `${this.earliest}/${this.latest}/${this.isZoned}`;
  }
}

/**
 * Reads a FHIR date, dateTime or instant.
 *
 * @returns `undefined` for anything else.
 */
export function momentOf(text: string): Moment | undefined {
  const parts = FORM.exec(text);
  if (!parts) return undefined;
  const [, year, month, day, hour, minute, second, zone] = parts;
  const first = Date.UTC(Number(year), Number(month ?? 1) - 1, Number(day ?? 1));
  const start =
    first + Number(hour ?? 0) * HOUR + Number(minute ?? 0) * 60_000 + Number(second ?? 0) * 1000;
  const end = start + lengthOf(parts, first) - 1;
  const offset = zone === undefined ? 0 : offsetOf(zone);
  return new Moment(start - offset, end - offset, zone !== undefined);
}

function lengthOf([, year, month, day, hour, , second]: RegExpExecArray, first: number): number {
  if (month === undefined) return Date.UTC(Number(year) + 1, 0, 1) - first;
  if (day === undefined) return Date.UTC(Number(year), Number(month), 1) - first;
  if (hour === undefined) return 24 * HOUR;
  return second === undefined ? 60_000 : 1;
}

function offsetOf(zone: string): number {
  if (zone === 'Z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6));
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000;
}
