import type { Readable } from 'node:stream';
import { BadRequest, FhirError } from '../../errors/fhir-error.js';
import { DEFAULT_BODY_LIMITS } from '../../interactions/formats/body-limits.js';
import type { Json, JsonObject } from '../../interactions/formats/json.js';
import { parseJson } from '../../interactions/formats/parse-json.js';
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

/**
 * What the upstream answers the gateway itself, when it looks for something before a write.
 *
 * @param absent statuses that say that it is not there
 * @returns `undefined` with one of those
 * @throws FhirError 502 for what is no JSON, for what breaks off or is too large, and where the gateway is not
 * accepted; 504 where it stalls; 503 where the upstream is asked too much; 403 and 400 where it refuses
 */
export async function lookedUp(
  answer: UpstreamAnswer,
  absent: readonly number[] = [],
): Promise<Json | undefined> {
  const text = await textOf(answer.body);
  if (absent.includes(answer.status)) return undefined;
  assertAnswered(answer);
  if (answer.status !== 200) throw unreadable();
  return parsed(text);
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

/** @throws FhirError 502 where the body breaks off or is too large, 504 where it stalls */
async function textOf(body: Readable): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      bytes += chunk.length;
      // Whatever may be there can be looked at before it is changed. Leaving the loop ends the stream.
      if (bytes > LARGEST_RESOURCE_BYTES) throw unreadable();
      chunks.push(chunk);
    }
  } catch (error) {
    throw upstreamError(error);
  }
  return Buffer.concat(chunks).toString();
}

function parsed(text: string): Json {
  try {
    return parseJson(text, DEFAULT_BODY_LIMITS).value;
  } catch (error) {
    if (error instanceof FhirError) throw unreadable();
    throw error;
  }
}

/** The own member of an object. */
export function member(object: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** The upstream answered something else than was asked for: 502. */
export function unreadable(): UpstreamFailed {
  return new UpstreamFailed(
    'The FHIR server behind this one answered a search with something else',
  );
}
