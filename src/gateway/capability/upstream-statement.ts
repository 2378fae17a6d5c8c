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

interface Kept {
  readonly statement: JsonObject;
  readonly since: number;
}

/** The CapabilityStatement of the upstream: one is kept for a minute, one call in flight. */
@Injectable()
export class UpstreamStatement {
  private kept: Kept | undefined;
  private asking: Promise<JsonObject> | undefined;
  private failure: { readonly error: FhirError; readonly since: number } | undefined;

  constructor(private readonly upstream: Upstream) {}

  /**
   * The statement; the same object for as long as it is kept.
   *
   * @throws FhirError 502, 503 or 504 where there is none, not even an old one
   */
  async current(): Promise<JsonObject> {
    const age = this.kept === undefined ? Infinity : performance.now() - this.kept.since;
    if (this.kept !== undefined && age < FRESH_MS) return this.kept.statement;
    try {
      return await this.renewed();
    } catch (error) {
      if (this.kept !== undefined && age < STALE_MS) return this.kept.statement;
      throw error;
    }
  }

  private async renewed(): Promise<JsonObject> {
    const { failure } = this;
    if (failure !== undefined && performance.now() - failure.since < FAILURE_MS) {
      throw failure.error;
    }
    this.asking ??= this.renew().finally(() => {
      this.asking = undefined;
    });
    return this.asking;
  }

  private async renew(): Promise<JsonObject> {
    try {
      const statement = await this.ask();
      this.kept = { statement, since: performance.now() };
      this.failure = undefined;
      return statement;
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
