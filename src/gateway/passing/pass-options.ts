import type { ExpectedAnswer } from '../checking/expected-answer.js';
import type { SelfLinkTrust } from '../checking/self-link.js';
import type { Place } from '../rewriting/bundle-places.js';
import type { LinkRewriter } from '../rewriting/link-rewriter.js';
import type { AnswerRoom } from './held-room.js';

/**
 * How an answer is made Wardgate's own: the links of its headers are rewritten, and those of its body at
 * the given places; without places the body is data, and passes byte for byte. Success that is not what is
 * expected does not pass; where nothing is, as of operations that are not known here, anything does.
 */
export type PassOptions =
  | {
      readonly links: Pick<LinkRewriter, 'location' | 'resource'>;
      readonly places?: undefined;
      /** What a file with a resource on each line goes through, instead of an answer in JSON. */
      readonly lines?: LineStage;
      readonly expected?: ExpectedAnswer;
    }
  | {
      readonly links: LinkRewriter;
      readonly places: Place;
      /** Of the answer to a batch or transaction, at any time: of the entry whose bytes are being read. */
      readonly expected?: ExpectedAnswer | (() => ExpectedAnswer);
      /** Follows the entries of what answers a batch or transaction, and puts in further ones. */
      readonly entries?: EntryStage;
    };

/** What a file goes through; what it throws ends it. */
export interface LineStage {
  /** Bytes that were read, and are not known yet to go on. */
  readonly heldBytes: number;
  /** The bytes to go on with. */
  write(chunk: Uint8Array): Uint8Array;
  /** The rest. */
  end(): Uint8Array;
}

/** How an answer is read. */
export interface ReadingRules {
  /** Milliseconds after which a client that takes nothing of an answer ends it. */
  readonly bodyTimeoutMs: number;
  readonly selfLink: SelfLinkTrust;
  /** What it may take up where it is large. */
  readonly room: AnswerRoom;
}

/** What the content of an answer goes through before its links are rewritten. */
export interface EntryStage {
  /** The bytes to go on with; a part is to be used up before the next is asked for. */
  split(chunk: Uint8Array): Iterable<Uint8Array>;
  /** @throws UpstreamFailed 502 where something lacks when the content has ended */
  end(): void;
}
