import { Injectable } from '@nestjs/common';
import type { FhirError } from '../../errors/fhir-error.js';
import type { JsonObject } from '../../interactions/formats/json.js';
import { upstreamError } from '../upstream/failures.js';
import { NOBODY } from '../upstream/nobody.js';
import { readJson } from '../upstream/read-json.js';
import { Upstream } from '../upstream/upstream.js';
import { UpstreamFailed } from '../upstream/upstream-errors.js';

/** Milliseconds for which the statement of the upstream is taken for current. */
const FRESH_MS = 60_000;
/** Milliseconds for which the last one serves while the upstream does not answer. */
const STALE_MS = 3_600_000;
/** Milliseconds for which a failure is told without asking again: anybody may ask. */
const FAILURE_MS = 1_000;
/** Milliseconds that the upstream may take to make it. */
const PATIENCE_MS = 20_000;
const MAX_BYTES = 16_777_216;

/** Milliseconds for which a renewal is waited for while there is an old one to answer with. */
const SOON_MS = 500;

interface Kept {
  readonly statement: JsonObject;
  /** The statement without what changes by itself. */
  readonly content: string;
  readonly since: number;
}

interface Renewal {
  readonly renewed: Promise<JsonObject>;
  /** It takes longer than who has an old one waits. */
  readonly isLate: Promise<void>;
}

/** The CapabilityStatement of the upstream: one is kept for a minute, one call in flight. */
@Injectable()
export class UpstreamStatement {
  private kept: Kept | undefined;
  private renewal: Renewal | undefined;
  private failure: { readonly error: FhirError; readonly since: number } | undefined;

  constructor(private readonly upstream: Upstream) {}

  /**
   * The statement; the same object for as long as it says the same. One that is no longer fresh is answered where
   * a new one is not there soon.
   *
   * @throws FhirError 502, 503 or 504 where there is none, not even an old one
   */
  async current(): Promise<JsonObject> {
    const { kept } = this;
    const age = kept === undefined ? Infinity : performance.now() - kept.since;
    if (kept !== undefined && age < FRESH_MS) return kept.statement;
    const { renewed, isLate } = this.renewing();
    if (kept === undefined || age >= STALE_MS) return renewed;
    const old = (): JsonObject => kept.statement;
    return Promise.race([renewed.catch(old), isLate.then(old)]);
  }

  private renewing(): Renewal {
    const { failure } = this;
    if (failure !== undefined && performance.now() - failure.since < FAILURE_MS) {
      return { renewed: Promise.reject(failure.error), isLate: Promise.resolve() };
    }
    this.renewal ??= this.begin();
    return this.renewal;
  }

  private begin(): Renewal {
    let timer: NodeJS.Timeout | undefined;
    const isLate = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, SOON_MS);
    });
    const renewed = this.renew().finally(() => {
      clearTimeout(timer);
      this.renewal = undefined;
    });
    return { renewed, isLate };
  }

  private async renew(): Promise<JsonObject> {
    try {
      const statement = await this.ask();
      const content = JSON.stringify({ ...statement, date: undefined });
      // Some servers date it anew for each who asks.
      const kept = this.kept?.content === content ? this.kept.statement : statement;
      this.kept = { statement: kept, content, since: performance.now() };
      this.failure = undefined;
      return kept;
    } catch (cause) {
      const error = upstreamError(cause);
      this.failure = { error, since: performance.now() };
      throw error;
    }
  }

  private async ask(): Promise<JsonObject> {
    const request = { method: 'GET', path: ['metadata'], query: [], headers: {} } as const;
    const answer = await this.upstream.send(request, NOBODY, AbortSignal.timeout(PATIENCE_MS));
    const statement = await readJson(answer, MAX_BYTES);
    if (answer.status === 200 && statement['resourceType'] === 'CapabilityStatement') {
      return statement;
    }
    throw new UpstreamFailed('The FHIR server behind this one does not say what it can do');
  }
}
