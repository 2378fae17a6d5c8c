import type { PickedResource } from '../../interactions/bundle/resolve-target.js';
import type { AnswerCheck } from '../rewriting/answer-check.js';
import {
  VERSIONED_BUNDLE,
  VERSIONED_RESOURCE,
  type AnswerPart,
  type Place,
} from '../rewriting/bundle-places.js';
import { unreadable } from './lookup-answer.js';

const ID = /^(?!\.{1,2}$)[A-Za-z0-9\-.]{1,64}$/;

/** Texts of an answer to the gateway itself; the rest is passed over. */
abstract class LookedUp implements AnswerCheck {
  /** What is read of it. */
  abstract readonly place: Place;
  readonly isHeld = false;
  private readonly texts = new Map<AnswerPart, string>();

  abstract end(part: AnswerPart): void;

  begin(_part: AnswerPart): void {
    // What comes once only needs no beginning.
  }

  text(part: AnswerPart, text: string): void {
    this.texts.set(part, text);
  }

  /** @throws UpstreamFailed 502, since readers may differ in what they take of it */
  odd(): void {
    throw unreadable();
  }

  overflow(): void {
    // Nothing is kept.
  }

  protected get(part: AnswerPart): string | undefined {
    return this.texts.get(part);
  }

  protected forget(...parts: readonly AnswerPart[]): void {
    for (const part of parts) this.texts.delete(part);
  }

  protected versionAt(part: AnswerPart): string | undefined {
    const version = this.get(part);
    return version !== undefined && ID.test(version) ? version : undefined;
  }
}

/** One resource that was read. */
export class LookedUpResource extends LookedUp {
  override readonly place = VERSIONED_RESOURCE;

  /** @param address that was asked for */
  constructor(private readonly address: { readonly type: string; readonly id: string }) {
    super();
  }

  /** The id of its version, where the upstream tells any. */
  get version(): string | undefined {
    return this.versionAt('answer.meta.versionId');
  }

  /** @throws UpstreamFailed 502 for another resource */
  override end(part: AnswerPart): void {
    if (part !== 'answer') return;
    const { type, id } = this.address;
    const isAsked = this.get('answer.resourceType') === type && this.get('answer.id') === id;
    if (!isAsked) throw unreadable();
  }
}

/** The answer to a search for what criteria pick. */
export class LookedUpMatches extends LookedUp {
  override readonly place = VERSIONED_BUNDLE;
  /** Where the upstream says by what it searched. */
  self: string | undefined;
  /** The first one. */
  match: PickedResource | undefined;
  /** Without what a server adds, such as an OperationOutcome. */
  count = 0;
  /** Whether there are further pages. */
  goesOn = false;
  private selves = 0;

  /** @param type that was searched for */
  constructor(private readonly type: string) {
    super();
  }

  override begin(part: AnswerPart): void {
    if (part === 'link') this.forget('link.relation', 'link.url');
    else if (part === 'entry') this.forget(...OF_ENTRY);
  }

  /** @throws UpstreamFailed 502 for what is no such answer */
  override end(part: AnswerPart): void {
    if (part === 'link') this.endLink();
    else if (part === 'entry') this.endEntry();
    else if (part === 'answer' && this.get('answer.resourceType') !== 'Bundle') throw unreadable();
  }

  private endLink(): void {
    const relation = this.get('link.relation');
    if (relation === 'next') this.goesOn = true;
    if (relation !== 'self') return;
    this.selves += 1;
    if (this.selves > 1) throw unreadable();
    this.self = this.get('link.url');
  }

  private endEntry(): void {
    const mode = this.get('entry.search.mode');
    if (mode === 'outcome' || mode === 'include') return;
    if (this.get('entry.resource.resourceType') !== this.type) throw unreadable();
    const id = this.get('entry.resource.id');
    if (id === undefined || !ID.test(id)) throw unreadable();
    const version = this.versionAt('entry.resource.meta.versionId');
    this.count += 1;
    this.match ??= { id, etag: version === undefined ? undefined : `W/"${version}"` };
  }
}

const OF_ENTRY = [
  'entry.search.mode',
  'entry.resource.resourceType',
  'entry.resource.id',
  'entry.resource.meta.versionId',
] as const;
