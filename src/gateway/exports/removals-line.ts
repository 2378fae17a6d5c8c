import { FhirError } from '../../errors/fhir-error.js';
import { DEFAULT_BODY_LIMITS } from '../../interactions/formats/body-limits.js';
import { isJsonObject, type Json, type JsonObject } from '../../interactions/formats/json.js';
import { parseJson } from '../../interactions/formats/parse-json.js';
import { AnswerUnreadable } from '../rewriting/answer-unreadable.js';
import type { Line } from './file-lines.js';
import { MAX_HELD_BYTES } from './resource-line.js';

const NOTHING = Buffer.alloc(0);
const ADDRESS = /^([A-Z][A-Za-z]{0,63})\/[A-Za-z0-9\-.]{1,64}$/;

/**
 * A Bundle that says which resources are gone (Bulk Data Access 2.0, `deleted`), made anew with those of the
 * types that were decided on.
 */
export class RemovalsLine implements Line {
  private readonly parts: Buffer[] = [];
  private bytes = 0;

  /** @param addressOf what of a URL is below the base of the upstream, without the slash; else the URL */
  constructor(
    private readonly types: ReadonlySet<string>,
    private readonly addressOf: (url: string) => string,
  ) {}

  get heldBytes(): number {
    return this.bytes;
  }

  /** @throws AnswerUnreadable beyond 4 MiB */
  take(part: Buffer): Uint8Array {
    this.bytes += part.length;
    if (this.bytes > MAX_HELD_BYTES) throw new AnswerUnreadable('a line of a file is too long');
    this.parts.push(Buffer.from(part));
    return NOTHING;
  }

  /** @throws AnswerUnreadable for what is no such Bundle */
  end(): Uint8Array {
    const bundle = parsed(Buffer.concat(this.parts).toString());
    const entries = isJsonObject(bundle) ? own(bundle, 'entry') : undefined;
    const isBundle = isJsonObject(bundle) && own(bundle, 'resourceType') === 'Bundle';
    if (!isBundle || !Array.isArray(entries)) throw new AnswerUnreadable('a line is no Bundle');
    const urls = (entries as readonly Json[]).map((entry) => this.removed(entry));
    const entry = urls
      .filter((url) => this.types.has(ADDRESS.exec(url)?.[1] ?? ''))
      .map((url) => ({ request: { method: 'DELETE', url } }));
    return Buffer.from(JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry }));
  }

  private removed(entry: Json): string {
    const request = isJsonObject(entry) ? own(entry, 'request') : undefined;
    const url = isJsonObject(request) ? own(request, 'url') : undefined;
    const address = typeof url === 'string' ? this.addressOf(url) : '';
    const isDeletion = isJsonObject(request) && own(request, 'method') === 'DELETE';
    if (isDeletion && ADDRESS.test(address)) return address;
    throw new AnswerUnreadable('an entry is no deletion of a resource');
  }
}

function own(object: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

function parsed(text: string): Json {
  try {
    return parseJson(text, DEFAULT_BODY_LIMITS).value;
  } catch (error) {
    if (error instanceof FhirError) throw new AnswerUnreadable('a line of a file is no JSON');
    throw error;
  }
}
