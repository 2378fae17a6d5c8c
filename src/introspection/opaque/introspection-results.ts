import { createHmac, randomBytes } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import type { JsonObject } from '../../policy/json.js';
import { isObject, numberAt, objectAt } from '../../resources/token-introspector/json-members.js';
import type { EndpointIntrospector } from '../../resources/token-introspector/token-introspector.js';
import { MetricsRegistry } from '../../metrics/metrics-registry.js';
import { CacheMetrics } from '../cache-metrics.js';
import { Clock } from '../clock.js';
import { IntrospectionUnavailable } from '../errors.js';
import { meansDown } from '../outbound/call-purpose.js';
import { OutboundFailure } from '../outbound/outbound-failure.js';
import { OutboundHttp } from '../outbound/outbound-http.js';
import { SealedCache, type CacheSlot } from '../sealed-cache.js';
import { parseStrictJson } from '../strict-json.js';
import { answerRefusal, withoutToken } from './answer.js';
import { CallsInFlight, TooManyCalls } from './calls-in-flight.js';
import { FailingEndpoints } from './failing-endpoints.js';
import { KnownResults, MAX_KEPT_CHARACTERS, type Result, type Vouching } from './known-results.js';

/** Calls of one introspector at a time; the sockets are fewer, the rest waits for them. */
const MAX_CALLS = 256;

/** One question: a credential, and the introspector that is asked about it. */
interface Question {
  /** Names the question in this process; gives away nothing of the credential. */
  readonly key: string;
  readonly token: string;
  readonly introspector: EndpointIntrospector;
}

/**
 * What introspection endpoints say of tokens and cookies (RFC 7662, spec §2): one call in flight per
 * credential, the answer kept in this process and in the shared cache until its time to live or
 * `exp` ends, under an HMAC of introspector, revision and credential.
 */
@Injectable()
export class IntrospectionResults {
  private readonly log = new Logger(IntrospectionResults.name);
  private readonly secret = randomBytes(32);
  private readonly known = new KnownResults();
  private readonly failing = new FailingEndpoints();
  private readonly calls = new CallsInFlight<Result>(MAX_CALLS);
  private generation = 0;

  constructor(
    private readonly http: OutboundHttp,
    private readonly shared: SealedCache,
    private readonly clock: Clock,
    private readonly metrics: CacheMetrics = new CacheMetrics(new MetricsRegistry()),
  ) {}

  /**
   * The answer that vouches for the credential, or why none does.
   *
   * @throws IntrospectionUnavailable when the endpoint cannot be asked and nothing valid is kept.
   */
  async of(token: string, introspector: EndpointIntrospector): Promise<Result> {
    // Without the credential that it asks for, an endpoint is handed nobody's token.
    if (introspector.lacksSecret) throw new IntrospectionUnavailable(introspector.id);
    const question = { key: this.keyOf(token, introspector), token, introspector };
    const known = this.find(question);
    this.metrics.lookedUp('results', known === undefined ? 'miss' : 'hit');
    if (known !== undefined) return known;
    try {
      return await this.calls.once(question.key, introspector.id, () => this.findOrAsk(question));
    } catch (error) {
      const isUnavailable = error instanceof OutboundFailure || error instanceof TooManyCalls;
      throw isUnavailable ? new IntrospectionUnavailable(introspector.id, error) : error;
    }
  }

  /** Forgets what this process knows; what is under way is not kept. The shared cache is its owner's. */
  forget(): void {
    this.generation += 1;
    this.known.clear();
    this.calls.abandon();
  }

  private find({ key, introspector }: Question, isStaleEnough = false): Result | undefined {
    const now = this.clock.now();
    const { cacheTtlSeconds, staleIfErrorSeconds, revision } = introspector;
    const servesStale = isStaleEnough || this.failing.isDown(revision, now);
    const stale = servesStale ? staleIfErrorSeconds : 0;
    return this.known.find(key, introspector, (cacheTtlSeconds + stale) * 1000, now);
  }

  private async findOrAsk(question: Question): Promise<Result> {
    const { generation } = this;
    // Taken before the call, so that what is asked before the caches are dropped is not found after.
    const slot = this.shared.slot(partsOf(question.token, question.introspector));
    const shared = vouchingOf(await slot.get());
    if (shared && generation === this.generation) {
      this.known.adopt(question.key, shared, this.clock.now());
    }
    const known = this.find(question);
    if (known !== undefined) return known;
    try {
      const result = await this.ask(question, slot, generation);
      // What is left there might speak for the token again in the next outage.
      if (shared && typeof result === 'string') await slot.clear();
      return result;
    } catch (error) {
      if (!(error instanceof OutboundFailure)) throw error;
      this.noteFailure(question.introspector, error);
      const stale = this.find(question, !isRefusedQuestion(error));
      if (stale === undefined) throw error;
      return stale;
    }
  }

  private async ask(
    { key, token, introspector }: Question,
    slot: CacheSlot,
    generation: number,
  ): Promise<Result> {
    const askedAtMs = this.clock.now();
    const { url, authorization, revision } = introspector;
    this.failing.beginRetry(revision, askedAtMs);
    const answer = await this.http.postForm(url, {
      form: { token, token_type_hint: 'access_token' },
      purpose: 'introspection',
      ...(authorization === undefined ? {} : { headers: { authorization } }),
    });
    if (this.failing.recovered(revision)) {
      this.log.log(`The endpoint of TokenIntrospector/${introspector.id} answers again`);
    }
    const isKept = generation === this.generation;
    const refusal = answerRefusal(answer, introspector, this.clock.now());
    if (refusal !== undefined) {
      if (isKept) this.known.refuse(key, refusal, askedAtMs);
      return refusal;
    }
    const vouching = { answer: withoutToken(answer, token), askedAtMs };
    if (isKept) this.known.vouch(key, vouching);
    await this.share(slot, vouching, introspector);
    return vouching.answer;
  }

  private async share(
    slot: CacheSlot,
    vouching: Vouching,
    introspector: EndpointIntrospector,
  ): Promise<void> {
    const ttlMs = this.keptMs(vouching.answer, introspector);
    const text = JSON.stringify(vouching);
    if (ttlMs > 0 && text.length <= MAX_KEPT_CHARACTERS) await slot.set(text, ttlMs);
  }

  private keptMs(answer: JsonObject, introspector: EndpointIntrospector): number {
    const { cacheTtlSeconds, staleIfErrorSeconds } = introspector;
    const untilExpMs = (numberAt(answer, 'exp') ?? Infinity) * 1000 - this.clock.now();
    return Math.floor(Math.min((cacheTtlSeconds + staleIfErrorSeconds) * 1000, untilExpMs));
  }

  private noteFailure({ id, revision }: EndpointIntrospector, failure: OutboundFailure): void {
    // Once per outage: every request with an unknown token would say it again.
    const isDown = failure.reason === 'not-tried' || meansDown(failure, 'introspection');
    if (!this.failing.failed(revision, isDown, this.clock.now())) return;
    const { message, cause } = failure;
    const reason = cause instanceof Error ? `${message}: ${cause.message}` : message;
    this.log.warn(`The endpoint of TokenIntrospector/${id} cannot be asked: ${reason}`);
  }

  private keyOf(token: string, introspector: EndpointIntrospector): string {
    const parts = JSON.stringify(partsOf(token, introspector));
    return createHmac('sha256', this.secret).update(parts).digest('base64url');
  }
}

function partsOf(token: string, { type, url, revision }: EndpointIntrospector): string[] {
  return ['introspection', type, url, revision, token];
}

/** Whether the endpoint answered that it will not answer this: it was reached, and is not overloaded. */
function isRefusedQuestion({ status = 500 }: OutboundFailure): boolean {
  return status < 500 && status !== 429;
}

function vouchingOf(text: string | undefined): Vouching | undefined {
  const entry = text === undefined ? undefined : parseStrictJson(Buffer.from(text));
  const askedAtMs = entry && numberAt(entry, 'askedAtMs');
  if (!isObject(entry) || askedAtMs === undefined) return undefined;
  return { answer: objectAt(entry, 'answer'), askedAtMs };
}
