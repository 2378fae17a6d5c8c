import type { Asked } from './places.js';

/** What the members of the request object are (spec §7, request object). */
const SHAPE: ReadonlyMap<string, Asked['fits']> = new Map([
  ['request-method', 'text'],
  ['scheme', 'text'],
  ['uri', 'text'],
  ['query-string', 'text'],
  ['remote-addr', 'text'],
  ['params', 'object'],
  ['headers', 'object'],
  ['operation', 'object'],
  ['jwt', 'object'],
  ['token', 'object'],
  ['user', 'object'],
  ['session', 'object'],
  ['client', 'object'],
  ['role', 'array'],
  ['body', 'any'],
  ['resource', 'any'],
  // Only where another service asks (AuthZEN).
  ['evaluation', 'object'],
]);

/** Members of which nothing but these is there. */
const CLOSED: ReadonlyMap<string, string> = new Map([
  ['operation', 'id'],
  ['session', 'role'],
]);

/** Members that their sender does not choose. */
const VOUCHED: ReadonlySet<string> = new Set([
  'operation',
  'remote-addr',
  'jwt',
  'token',
  'user',
  'role',
  'session',
  'client',
]);

/** Whether no request has anything at a place, because of the name of its first or second step. */
export function isUnknownPlace([first, second]: readonly string[]): boolean {
  if (first === undefined) return false;
  if (!SHAPE.has(first)) return true;
  if (second === undefined) return false;
  // Names of headers are shown in lower case.
  if (first === 'headers') return second !== second.toLowerCase();
  return (CLOSED.get(first) ?? second) !== second;
}

/** Whether no request has a value of the kind at the place. */
export function isMisfit({ keys, fits }: Asked): boolean {
  const [first, ...below] = keys;
  const shape = first === undefined ? 'object' : SHAPE.get(first);
  if (fits === 'any' || shape === undefined || shape === 'any') return false;
  return below.length > 0 ? shape === 'text' : fits !== shape;
}

/** Whether the sender of the request chooses what is at a place. */
export function isChosenBySender([first = '']: readonly string[]): boolean {
  return SHAPE.has(first) && !VOUCHED.has(first);
}
