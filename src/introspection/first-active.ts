import { IntrospectionUnavailable } from './errors.js';
import { refused, type ActiveIntrospection, type Introspection } from './introspection.js';
import type { Refusal, RefusalCode } from './refusal.js';

/** So that whoever gives up at the same time may still answer with what it has kept. */
const GRACE_MS = 250;

/** One introspector that is asked, when its turn comes. */
export interface Question {
  readonly introspectorId: string;
  readonly ask: () => Promise<Introspection>;
}

/** What a question came to; nothing is thrown, because nobody may be left who waits for it. */
type Outcome = { readonly introspection: Introspection } | { readonly error: unknown };

interface Asked {
  readonly introspectorId: string;
  readonly answered: Promise<Outcome>;
  outcome?: Outcome;
}

/**
 * Asks in turn until one vouches for the credential. Whoever has not answered after half of the time
 * that is left is waited for together with the next ones, so that all of them together take no longer
 * than one, and one that is slow does not keep the others from being asked.
 *
 * @param unasked the reason where there is nobody to ask
 * @param timeoutMs how long the request waits for all of them
 * @throws IntrospectionUnavailable when nobody vouches for it and one could not tell in time.
 */
export async function firstActive(
  questions: readonly Question[],
  unasked: RefusalCode,
  timeoutMs: number,
): Promise<Introspection> {
  const [first] = questions;
  // The way of most requests; its own deadline ends the call.
  if (first && questions.length === 1) return first.ask();
  const endsAt = performance.now() + timeoutMs + GRACE_MS;
  const leftMs = (): number => Math.max(0, endsAt - performance.now());
  const asked: Asked[] = [];
  for (const { introspectorId, ask } of questions) {
    const latest = begin(introspectorId, ask);
    asked.push(latest);
    const active = await activeAmong(asked, [latest], leftMs() / 2);
    if (active) return active;
  }
  return (await activeAmong(asked, asked, leftMs())) ?? verdict(asked, unasked);
}

function begin(introspectorId: string, ask: Question['ask']): Asked {
  const answered = ask().then(
    (introspection): Outcome => ({ introspection }),
    (error: unknown): Outcome => ({ error }),
  );
  const asked: Asked = { introspectorId, answered };
  void answered.then((outcome) => (asked.outcome = outcome));
  return asked;
}

/** Waits until one of `asked` vouches, all of `awaited` have answered, or the time is over. */
async function activeAmong(
  asked: readonly Asked[],
  awaited: readonly Asked[],
  ms: number,
): Promise<ActiveIntrospection | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const timeIsOver = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => {
      resolve(undefined);
    }, ms);
  });
  try {
    for (;;) {
      const active = asked.map(activeOf).find((it) => it !== undefined);
      if (active) return withPassedOver(active, asked);
      if (awaited.every(({ outcome }) => outcome)) return undefined;
      const pending = asked.filter(({ outcome }) => !outcome).map(({ answered }) => answered);
      if ((await Promise.race([...pending, timeIsOver])) === undefined) return undefined;
    }
  } finally {
    clearTimeout(timer);
  }
}

function activeOf({ outcome }: Asked): ActiveIntrospection | undefined {
  const introspection = outcome && 'introspection' in outcome ? outcome.introspection : undefined;
  return introspection?.active ? introspection : undefined;
}

function withPassedOver(active: ActiveIntrospection, asked: readonly Asked[]): ActiveIntrospection {
  const passedOver = refusalsOf(asked);
  return passedOver.length === 0 ? active : { ...active, passedOver };
}

function refusalsOf(asked: readonly Asked[]): readonly Refusal[] {
  return asked.flatMap(({ outcome }) => {
    const introspection = outcome && 'introspection' in outcome ? outcome.introspection : undefined;
    return introspection?.active === false ? introspection.refusals : [];
  });
}

function verdict(asked: readonly Asked[], unasked: RefusalCode): Introspection {
  const refusals = refusalsOf(asked);
  let unavailable: IntrospectionUnavailable | undefined;
  for (const { introspectorId, outcome } of asked) {
    const known = outcome ?? { error: new IntrospectionUnavailable(introspectorId) };
    if ('error' in known) unavailable = unavailableOr(known.error);
  }
  if (unavailable) throw unavailable;
  return refusals.length === 0 ? refused(unasked) : { active: false, refusals };
}

/** @throws the error itself where it is of another kind, and so a fault of ours. */
function unavailableOr(error: unknown): IntrospectionUnavailable {
  if (error instanceof IntrospectionUnavailable) return error;
  throw error;
}
