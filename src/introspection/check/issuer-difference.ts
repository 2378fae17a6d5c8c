import { shown } from './check-step.js';

/** How two issuers differ, and what to do about it. */
export interface IssuerDifference {
  readonly message: string;
  readonly fix: string;
}

/**
 * Says in plain words how an issuer differs from the one that was expected. Issuers are compared
 * character by character (RFC 9207 §2.4, RFC 8414 §3.3), so that what looks alike is another one.
 */
export function issuerDifference(expected: string, actual: string | undefined): IssuerDifference {
  if (actual === undefined) {
    return { message: `${shown(expected)} is expected, and there is none`, fix: COPY };
  }
  const words = `${shown(expected)} is expected, ${shown(actual)} is there`;
  const how = howTheyDiffer(expected, actual);
  return { message: how === undefined ? words : `${words}: ${how}`, fix: COPY };
}

const COPY =
  'Copy the iss of a token into jwt.iss, character by character, if that issuer is to be trusted';

function howTheyDiffer(expected: string, actual: string): string | undefined {
  if (expected.replace(/\/$/, '') === actual.replace(/\/$/, '')) {
    return 'they differ by the slash at the end';
  }
  if (expected.toLowerCase() === actual.toLowerCase()) return 'they differ by upper and lower case';
  if (expected.trim() === actual.trim()) return 'they differ by a space';
  if (!URL.canParse(expected) || !URL.canParse(actual)) return undefined;
  return partsThatDiffer(new URL(expected), new URL(actual));
}

function partsThatDiffer(expected: URL, actual: URL): string {
  const parts = [
    ...(expected.protocol === actual.protocol ? [] : ['http and https']),
    ...(expected.hostname === actual.hostname ? [] : ['the host']),
    ...(expected.port === actual.port ? [] : ['the port']),
    ...(expected.pathname === actual.pathname ? [] : ['the path']),
  ];
  return `they differ by ${parts.join(', ') || 'their spelling'}`;
}
