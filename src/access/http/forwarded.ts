import { parseAddress } from './trusted-proxies.js';

const MAX_CHARACTERS = 4096;

/** What proxies say of a request; addresses nearest to the client first, `undefined` where unreadable. */
export interface ForwardedReport {
  readonly addresses: readonly (string | undefined)[];
  readonly scheme: 'http' | 'https' | undefined;
}

/**
 * Reads `Forwarded` (RFC 7239 §4), whose parameters may be quoted.
 *
 * @returns undefined for one that is too long or whose quotes are not in order: a client can open one
 * that swallows what the proxy adds.
 */
export function readForwarded(header: string): ForwardedReport | undefined {
  if (header.length > MAX_CHARACTERS || !isWellQuoted(header)) return undefined;
  const elements = splitOutsideQuotes(header, ',').map(parametersOf);
  const last = elements.findLast((parameters) => parameters.has('proto'));
  return {
    addresses: elements.map((parameters) => parseAddress(parameters.get('for') ?? '')),
    scheme: schemeOf(last?.get('proto')),
  };
}

/** Reads `X-Forwarded-For` and `X-Forwarded-Proto`; of several schemes the last, which the nearest proxy set. */
export function readXForwarded(addresses: string, scheme: string | undefined): ForwardedReport {
  return {
    addresses: addresses === '' ? [] : addresses.split(',').map(parseAddress),
    scheme: schemeOf(scheme?.split(',').at(-1)),
  };
}

function parametersOf(element: string): ReadonlyMap<string, string> {
  const pairs = splitOutsideQuotes(element, ';').map((pair): [string, string] => {
    const [name = '', ...value] = pair.split('=');
    return [name.trim().toLowerCase(), unquoted(value.join('=').trim())];
  });
  return new Map(pairs);
}

/** Whether every quoted string is the whole value of a parameter, and closed. */
export function isWellQuoted(text: string): boolean {
  return /^(?:[^"]*="(?:[^"\\]|\\.)*"\s*(?=[,;]|$))*[^"]*$/.test(text);
}

/** The parts between separators that stand outside of quoted strings (RFC 9110 §5.6.4). */
export function splitOutsideQuotes(text: string, separator: ',' | ';'): string[] {
  const part =
    separator === ',' ? /(?:"(?:[^"\\]|\\.)*"|[^,"])+/g : /(?:"(?:[^"\\]|\\.)*"|[^;"])+/g;
  return text.match(part) ?? [];
}

/** The content of a quoted string, or the text itself. */
export function unquoted(value: string): string {
  return value.startsWith('"') ? value.slice(1, -1).replace(/\\(.)/g, '$1') : value;
}

function schemeOf(text: string | undefined): 'http' | 'https' | undefined {
  const scheme = text?.trim().toLowerCase();
  return scheme === 'http' || scheme === 'https' ? scheme : undefined;
}
