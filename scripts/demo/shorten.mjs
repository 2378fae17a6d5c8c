import { Buffer } from 'node:buffer';

const MAX_LINES = 12;
const MAX_STRING = 90;

/** Enough of a token to recognise it by, as no transcript should hold a credential. */
export function shortToken(token) {
  return `${token.slice(0, 12)}…${token.slice(-4)}`;
}

/** An answer as a person reads it: an outcome by its reason, anything else as its first lines. */
export function shortAnswer(text) {
  let json;
  try {
    json = JSON.parse(text);
  } catch {
    return text.slice(0, MAX_STRING);
  }
  if (json.resourceType === 'OperationOutcome') return reasons(json);
  const lines = JSON.stringify(json, shortString, 2).split('\n');
  const rest = lines.length - MAX_LINES;
  return rest > 1
    ? [...lines.slice(0, MAX_LINES), `… ${rest} more lines`].join('\n')
    : lines.join('\n');
}

/** The claims of a JWT, without looking at its signature. */
export function claimsOf(token) {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
}

function reasons({ issue }) {
  return issue.map(({ code, diagnostics }) => `${code}: ${diagnostics}`).join('\n');
}

function shortString(key, value) {
  if (typeof value !== 'string') return value;
  if (/(^|_)token$/.test(key)) return shortToken(value);
  return value.length > MAX_STRING ? `${value.slice(0, MAX_STRING)}…` : value;
}
