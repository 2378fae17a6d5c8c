import { IntrospectorCheck } from '../../src/introspection/check/introspector-check.js';
import { OutboundFailure } from '../../src/introspection/outbound/outbound-failure.js';
import type { OutboundHttp } from '../../src/introspection/outbound/outbound-http.js';
import type { JsonObject } from '../../src/policy/json.js';
import type { TokenIntrospector } from '../../src/resources/token-introspector/token-introspector.js';
import { TestClock, TestIntrospectors } from './introspection-fixture.js';

/** The time at which checks are made. */
export const NOW_MS = Date.parse('2026-01-01T00:00:00Z');

/** What another server answers, or why it does not. */
export type Said = object;

interface Call {
  readonly url: string;
  readonly options: {
    form?: object;
    headers?: object;
    purpose?: string;
    onDate?: (at: number) => void;
  };
}

/** What other servers say, by URL, and the time that they have. */
export class Answers {
  readonly calls: Call[] = [];
  dateMs: number | undefined;
  refusal: string | undefined;

  constructor(private readonly said: Readonly<Record<string, Said>>) {}

  getJson = (url: string, options: Call['options']): Promise<JsonObject> => this.call(url, options);
  postForm = (url: string, options: Call['options']): Promise<JsonObject> =>
    this.call(url, options);
  checkUrl = (): string | undefined => this.refusal;

  private call(url: string, options: Call['options']): Promise<JsonObject> {
    this.calls.push({ url, options });
    if (this.dateMs !== undefined) options.onDate?.(this.dateMs);
    const said = this.said[url] ?? new OutboundFailure('nobody is there', 404);
    return said instanceof Error ? Promise.reject(said) : Promise.resolve(said as JsonObject);
  }
}

/** How a check comes out. */
export interface Outcome {
  /** Each step with the code of what it found, in order. */
  readonly found: readonly string[];
  /** What was said of each step; the last where there are several. */
  readonly messages: ReadonlyMap<string, string>;
  /** What is to be done about each step, likewise. */
  readonly fixes: ReadonlyMap<string, string>;
  /** What requests with the token would be authenticated as; undefined when they would not. */
  readonly vouched: unknown;
}

/**
 * Runs the check of the first of some introspectors.
 *
 * @param change of the introspector, which no resource can have
 */
export async function checked(
  answers: Answers,
  [resource, ...others]: readonly object[],
  { token, change = {} }: { token?: string; change?: Partial<TokenIntrospector> } = {},
): Promise<Outcome> {
  const source = new TestIntrospectors();
  source.set({ id: 'i', ...resource }, ...others);
  const check = new IntrospectorCheck(
    source,
    answers as unknown as OutboundHttp,
    new TestClock(NOW_MS),
  );
  const introspector = { ...source.all()[0], ...change } as TokenIntrospector;
  const { steps, vouched } = await check.run(introspector, token);
  const messages = new Map(steps.map(({ step, message }) => [step, message]));
  const fixes = new Map(steps.map(({ step, fix = '' }) => [step, fix]));
  return { found: steps.map(({ step, code }) => `${step}: ${code}`), messages, fixes, vouched };
}
