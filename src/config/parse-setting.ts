import type { SettingKind } from './setting.js';

const MILLISECONDS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
};

/**
 * Converts the text of a variable to the value of its kind; durations become milliseconds.
 *
 * @returns the text itself when it does not fit, for the validators to refuse.
 */
export function parseSetting(kind: SettingKind, text: string): unknown {
  switch (kind) {
    case 'text':
      return text;
    case 'integer':
      return /^\d{1,15}$/.test(text) ? Number(text) : text;
    case 'boolean':
      return parseBoolean(text);
    case 'duration':
      return parseDuration(text);
    case 'list':
      return parseList(text);
    case 'hosts':
      // URL parsers lower-case the host, so that comparing is by equality.
      return parseList(text.toLowerCase());
    case 'url':
      return text.replace(/\/+$/, '');
  }
}

function parseBoolean(text: string): boolean | string {
  if (text === 'true') return true;
  return text === 'false' ? false : text;
}

function parseDuration(text: string): number | string {
  const [, amount, unit] = /^(\d{1,9})(ms|s|m|h)$/.exec(text) ?? [];
  if (amount === undefined || unit === undefined) return text;
  return Number(amount) * (MILLISECONDS[unit] ?? Number.NaN);
}

function parseList(text: string): readonly string[] {
  return Object.freeze(text.split(/[\s,]+/).filter((item) => item !== ''));
}
