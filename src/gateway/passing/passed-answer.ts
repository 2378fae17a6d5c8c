import { Readable } from 'node:stream';
import type { Answer } from '../../interactions/http/answer.js';
import type { UpstreamAnswer } from '../upstream/upstream.js';
import { UpstreamFailed } from '../upstream/upstream-errors.js';
import { answerHeaders, assertPassable, isWithoutBody } from './answer-headers.js';
import { contentOf } from './content.js';
import type { PassOptions, ReadingRules } from './pass-options.js';
import { readParts } from './read-parts.js';
import { paceOfClients } from './reader-pace.js';

/**
 * An answer of the upstream as one of Wardgate; its body is handed on as it comes.
 *
 * @throws FhirError 502 for a redirect, for what is no JSON, for an answer to a Bundle that succeeds and is
 * none, and where the body breaks off at its beginning, or is not what is expected there; 501 and 503 where
 * the upstream says so, and 503 where large answers take up as much as they may
 * @param rules whose room is closed with the answer
 */
export async function passedAnswer(
  answer: UpstreamAnswer,
  options: PassOptions,
  rules: ReadingRules,
): Promise<Answer> {
  const { status, body } = answer;
  const { room } = rules;
  const end = (): void => {
    room.close();
    body.destroy();
  };
  try {
    const lines = options.places ? undefined : options.lines;
    assertPassable(answer, lines ? 'lines' : 'json');
    if (options.places && options.entries) assertEntries(answer);
    const headers = answerHeaders(answer, options.links);
    if (isWithoutBody(answer)) {
      end();
      return { status, headers };
    }
    const content = await contentOf(
      readParts(answer, options, { trust: rules.selfLink, room }),
      paceOfClients(rules.bodyTimeoutMs),
    );
    if (content instanceof Readable) content.once('close', end);
    else room.close();
    if (content instanceof Uint8Array && content.length === 0) return { status, headers };
    return { status, headers, content };
  } catch (error) {
    end();
    throw error;
  }
}

/** Without entries there is no place for those that were answered here (FHIR R4, RESTful API §3.1.0.11.3). */
function assertEntries(answer: UpstreamAnswer): void {
  const { status } = answer;
  if (status >= 400 || (status === 200 && !isWithoutBody(answer))) return;
  throw new UpstreamFailed('The FHIR server behind this one answers a Bundle with something else');
}
