import type { Grant } from './grants.js';

/** A question in an engine's own form, ready to be decided again and again. */
export type Question = () => boolean;

/** Puts questions into an engine's own form. */
export type Asking = (asked: Grant) => Question;

/** Makes an engine decide by the grants. */
export type Load = (granted: readonly Grant[]) => Asking | Promise<Asking>;

/** The engines that are compared, by the name they have in tables. Loaded on demand, one per process. */
export const ENGINES: ReadonlyMap<string, () => Promise<Load>> = new Map<
  string,
  () => Promise<Load>
>([
  // The first answers what all others are checked against.
  ['naive evaluator', async () => (await import('./naive.js')).loadNaive],
  ['Wardgate', async () => (await import('./wardgate.js')).loadIndexed],
  ['Wardgate without index', async () => (await import('./wardgate.js')).loadInTurn],
  ['CASL, composed keys', async () => (await import('./casl.js')).loadComposed],
  ['CASL', async () => (await import('./casl.js')).loadBySubject],
  ['ajv', async () => (await import('./schemas.js')).loadSchemas],
  ['casbin', async () => (await import('./casbin.js')).loadCasbin],
  ['Cedar', async () => (await import('./cedar.js')).loadCedar],
]);
