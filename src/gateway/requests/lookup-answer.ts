import type { Readable } from 'node:stream';
import { BadRequest, FhirError } from '../../errors/fhir-error.js';
import type { AnswerCheck } from '../rewriting/answer-check.js';
import { AnswerUnreadable } from '../rewriting/answer-unreadable.js';
import type { Place } from '../rewriting/bundle-places.js';
import { JsonRewriter } from '../rewriting/json-rewriter.js';
import { LARGEST_RESOURCE_BYTES } from '../upstream/largest-resource.js';
import { upstreamError } from '../upstream/failures.js';
import type { UpstreamAnswer } from '../upstream/upstream.js';
import { UpstreamFailed, UpstreamNotAsked } from '../upstream/upstream-errors.js';

/** Milliseconds after which a client may try again while the upstream is asked too much. */
const BUSY_MS = 1000;

/** The upstream lets the gateway, or the caller whom it is told of, not look for it. */
class LookupForbidden extends FhirError {
  readonly status = 403;

  constructor() {
    super([
      { code: 'forbidden', diagnostics: 'The FHIR server behind this one refuses this search' },
    ]);
  }
}

/** Reads what it wants of an answer, which is told to it in order. */
export interface LookupReader extends AnswerCheck {
  /** What it wants to be told of. */
  readonly place: Place;
}

/**
 * Reads what the upstream answers the gateway itself, when it looks for something before a write. It is read as it
 * comes, and nothing of it is kept but what the reader keeps: it may be as large as any resource.
 *
 * @param absent statuses that say that it is not there
 * @returns whether it is there
 * @throws FhirError 502 for what is no JSON, for what breaks off or is too large, and where the gateway is not
 * accepted; 504 where it stalls; 503 where the upstream is asked too much; 403 and 400 where it refuses; and
 * whatever the reader throws
 */
export async function lookUp(
  answer: UpstreamAnswer,
  reader: LookupReader,
  absent: readonly number[] = [],
): Promise<boolean> {
  const scanner = new JsonRewriter(reader.place, (_kind, url) => url, reader);
  const isThere = answer.status === 200;
  await readAll(answer.body, (chunk) => {
    if (isThere) scanner.write(chunk);
  });
  if (absent.includes(answer.status)) return false;
  assertAnswered(answer);
  if (!isThere) throw unreadable();
  readable(() => {
    scanner.end();
  });
  return true;
}

/** @throws FhirError for a refusal: what the criteria are blamed for must not be what the gateway lacks */
function assertAnswered({ status }: UpstreamAnswer): void {
  if (status === 401 || status === 407) {
    throw new UpstreamFailed('The FHIR server behind this one did not accept this gateway');
  }
  if (status === 403) throw new LookupForbidden();
  if (status === 429) throw new UpstreamNotAsked(BUSY_MS);
  if (status >= 400 && status < 500) {
    throw new BadRequest('The FHIR server behind this one does not take these criteria', 'value');
  }
}

/** @throws FhirError 502 where the body breaks off, is too large or no JSON, 504 where it stalls */
async function readAll(body: Readable, read: (chunk: Uint8Array) => void): Promise<void> {
  let bytes = 0;
  try {
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      bytes += chunk.length;
      // Whatever may be there can be looked at before it is changed. Leaving the loop ends the stream.
      if (bytes > LARGEST_RESOURCE_BYTES) throw unreadable();
      readable(() => {
        read(chunk);
      });
    }
  } catch (error) {
    throw upstreamError(error);
  }
}

/** @throws UpstreamFailed 502 where it finds no JSON */
function readable(read: () => void): void {
  try {
    read();
  } catch (error) {
    if (error instanceof AnswerUnreadable) throw unreadable();
    throw error;
  }
}

/** The upstream answered something else than was asked for: 502. */
export function unreadable(): UpstreamFailed {
  return new UpstreamFailed(
    'The FHIR server behind this one answered a search with something else',
  );
}
