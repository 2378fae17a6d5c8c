import { Injectable } from '@nestjs/common';
import { NotFound } from '../../errors/fhir-error.js';
import { DecisionTraces } from './decision-traces.js';
import { DenialStore } from './denial-store.js';
import { traceText } from './trace-view.js';

/** As this server makes them. */
const REQUEST_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** A Bundle has a decision for each of its entries. */
const MAX_DECISIONS = 100;
const MAX_CONSIDERED = 100;
/** Skipped policies that one answer lists, of all decisions together. */
const MAX_SKIPPED = 1_000;

/** What is remembered of the decisions about a request: here, or of denials in the store. */
@Injectable()
export class RecordedDecisions {
  constructor(
    private readonly traces: DecisionTraces,
    private readonly denials: DenialStore,
  ) {}

  /**
   * The decisions about a request, in order, as JSON text.
   *
   * @throws NotFound 404 when nothing is remembered of it.
   */
  async about(requestId: string): Promise<string> {
    if (!REQUEST_ID.test(requestId)) throw unknownRequest(requestId);
    const { found, total } = this.traces.find(requestId, MAX_DECISIONS);
    if (total > 0) {
      const skipped = Math.ceil(MAX_SKIPPED / found.length);
      const limits = { considered: MAX_CONSIDERED, skipped };
      const texts = found.map((decision) => traceText(decision, limits));
      return answer('memory', requestId, texts, total);
    }
    const stored = await this.denials.find(requestId, MAX_DECISIONS);
    if (stored.total === 0) throw unknownRequest(requestId);
    return answer('store', requestId, stored.found, stored.total);
  }
}

function answer(
  source: 'memory' | 'store',
  requestId: string,
  texts: readonly string[],
  total: number,
): string {
  const head = JSON.stringify({ 'request-id': requestId, source, total });
  return `${head.slice(0, -1)},"decisions":[${texts.join(',')}]}`;
}

function unknownRequest(requestId: string): NotFound {
  return new NotFound(
    `Nothing is remembered of a request ${requestId.slice(0, 64)}: decisions are kept in the memory of the ` +
      'instance that made them, denials in the store for a while',
  );
}
