import { Injectable } from '@nestjs/common';
import type { AccessRequest } from '../../policy/access-request.js';
import { isArray, isObject, type Json } from '../../policy/json.js';
import { redactRequest } from '../designing/redact-secrets.js';
import type { ObservedDecision } from './observed-decision.js';
import { RecordedRequests, type RecordedRequest } from './recorded-requests.js';

const MAX_REQUESTS = 1_000;
/** Bodies of more values, or of more characters of text, are left out. */
const MAX_VALUES = 1_000;
const MAX_CHARACTERS = 16_384;

/** The requests that this instance decided last, in memory. */
@Injectable()
export class RecentRequests extends RecordedRequests {
  private readonly ring: RecordedRequest[] = [];
  private oldest = 0;

  /** Keeps a request in place of the oldest one. */
  keep({ request, decision, ...rest }: ObservedDecision): void {
    const isBodyLeftOut = !isSmall(request.body ?? null);
    const kept = isBodyLeftOut ? withoutBody(request) : request;
    const record: RecordedRequest = {
      ...rest,
      effect: decision.effect,
      isBodyLeftOut,
      // Without a body there is nothing that a log could not have; the copy would cost more than it saves.
      request: request.body === undefined ? kept : redactRequest(kept),
    };
    if (this.ring.length < MAX_REQUESTS) {
      this.ring.push(record);
      return;
    }
    this.ring[this.oldest] = record;
    this.oldest = (this.oldest + 1) % MAX_REQUESTS;
  }

  recent(): readonly RecordedRequest[] {
    return [...this.ring.slice(this.oldest), ...this.ring.slice(0, this.oldest)].reverse();
  }
}

function withoutBody(request: AccessRequest): AccessRequest {
  const entries = Object.entries(request).filter(
    ([name]) => name !== 'body' && name !== 'resource',
  );
  return Object.fromEntries(entries);
}

/** Looks no further than it takes to say no. */
function isSmall(value: Json): boolean {
  const open: Json[] = [value];
  let values = 0;
  let characters = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    values += 1;
    if (typeof next === 'string') characters += next.length;
    const parts = isArray(next) ? next : isObject(next) ? Object.values(next) : [];
    if (values + open.length + parts.length > MAX_VALUES || characters > MAX_CHARACTERS) {
      return false;
    }
    open.push(...parts);
  }
  return true;
}
