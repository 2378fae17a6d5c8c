import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { BadRequest, FhirError } from '../../errors/fhir-error.js';
import { ConditionNotMet } from '../../interactions/bundle/bundle-errors.js';
import { criteriaKey, criteriaSearch, type Criteria } from '../../interactions/bundle/criteria.js';
import { readEntryQuery } from '../../interactions/bundle/entry-address.js';
import type { PickedResource } from '../../interactions/bundle/resolve-target.js';
import { DEFAULT_BODY_LIMITS } from '../../interactions/formats/body-limits.js';
import { isJsonObject, type Json, type JsonObject } from '../../interactions/formats/json.js';
import { parseJson } from '../../interactions/formats/parse-json.js';
import type { Passage } from '../passing/passage.js';
import { Upstream, type UpstreamAnswer } from '../upstream/upstream.js';
import { upstreamError } from '../upstream/failures.js';
import { UpstreamFailed, UpstreamNotAsked } from '../upstream/upstream-errors.js';
import { LocalAddresses } from './local-addresses.js';
import { searchRequest } from './search-requests.js';

/** Bytes of an answer with two resources at most. */
const MAX_BYTES = 8 * 1024 * 1024;
/** Different criteria in one request; each is a search of the upstream. */
const MAX_LOOKUPS = 100;
/** Milliseconds after which a client may try again while the upstream is asked too much. */
const BUSY_MS = 1000;
const ID = /^(?!\.{1,2}$)[A-Za-z0-9\-.]{1,64}$/;

/** The upstream lets the gateway, or the caller whom it is told of, not look for it. */
class LookupForbidden extends FhirError {
  readonly status = 403;

  constructor() {
    super([
      { code: 'forbidden', diagnostics: 'The FHIR server behind this one refuses this search' },
    ]);
  }
}

/** Finds at the upstream what criteria pick, so that it is known before it is decided and changed. */
@Injectable()
export class UpstreamLookup {
  constructor(
    private readonly upstream: Upstream,
    readonly addresses: LocalAddresses,
  ) {}

  /** Lookups for one request, each criteria looked for once. */
  for(passage: Passage): Lookup {
    return new Lookup(this.upstream, this.addresses, passage);
  }
}

/** Lookups for one request. */
export class Lookup {
  private readonly found = new Map<string, Promise<PickedResource | undefined>>();

  constructor(
    private readonly upstream: Upstream,
    private readonly addresses: LocalAddresses,
    private readonly passage: Passage,
  ) {}

  /**
   * The one resource that meets criteria which were decided; `undefined` if none does.
   *
   * @throws ConditionNotMet 412 if several do, BadRequest 400 for what the upstream does not understand
   * and for too many criteria, FhirError 403 where it refuses the search, 502 for an answer that is no search
   * or breaks off, 503 where it is asked too much, 504 where it stalls
   */
  find(criteria: Criteria): Promise<PickedResource | undefined> {
    const key = criteriaKey(criteria);
    const known = this.found.get(key);
    if (known) return known;
    if (this.found.size >= MAX_LOOKUPS) {
      throw new BadRequest(
        `A request has ${MAX_LOOKUPS} different criteria at most here`,
        'too-costly',
      );
    }
    const finding = this.ask(criteria);
    this.found.set(key, finding);
    return finding;
  }

  private async ask(criteria: Criteria): Promise<PickedResource | undefined> {
    // Read once more, so that what is sent is what was understood.
    criteriaSearch(criteria);
    const { type, queryString } = this.addresses.criteria(criteria);
    const query = { ...readEntryQuery(queryString), _count: '2' };
    const { origin, signal } = this.passage;
    const answer = await this.upstream.send(searchRequest([type.name], query), origin, signal);
    const found = await bundleOf(answer);
    const matches = matchesIn(found, type.name);
    const [match] = matches;
    // Some servers have pages that are shorter than what was asked for.
    if (matches.length <= 1 && !goesOn(found)) return match;
    throw new ConditionNotMet(
      'conflict',
      `Several resources match ${criteriaKey(criteria).slice(0, 200)}`,
    );
  }
}

async function bundleOf(answer: UpstreamAnswer): Promise<JsonObject> {
  const text = await textOf(answer.body);
  assertAnswered(answer);
  const value = answer.status === 200 ? parsed(text) : undefined;
  if (isJsonObject(value) && own(value, 'resourceType') === 'Bundle') return value;
  throw unreadable();
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
      // Leaving the loop ends the stream.
      if (bytes > MAX_BYTES) throw unreadable();
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

/** What was asked for, without what a server adds, such as an OperationOutcome; two tell as much as all. */
function matchesIn(bundle: JsonObject, type: string): readonly PickedResource[] {
  const entries = own(bundle, 'entry') ?? [];
  if (!Array.isArray(entries)) throw unreadable();
  return (entries as readonly Json[]).flatMap((entry) => {
    const search = isJsonObject(entry) ? own(entry, 'search') : undefined;
    const mode = isJsonObject(search) ? own(search, 'mode') : undefined;
    const resource = isJsonObject(entry) ? own(entry, 'resource') : undefined;
    if (mode === 'outcome' || mode === 'include') return [];
    if (!isJsonObject(resource) || own(resource, 'resourceType') !== type) throw unreadable();
    return [pickedFrom(resource)];
  });
}

/** Whether there are further pages. */
function goesOn(bundle: JsonObject): boolean {
  const links = own(bundle, 'link') ?? [];
  if (!Array.isArray(links)) throw unreadable();
  return (links as readonly Json[]).some(
    (link) => isJsonObject(link) && own(link, 'relation') === 'next',
  );
}

function pickedFrom(resource: JsonObject): PickedResource {
  const id = own(resource, 'id');
  const meta = own(resource, 'meta');
  const version = isJsonObject(meta) ? own(meta, 'versionId') : undefined;
  if (typeof id !== 'string' || !ID.test(id)) throw unreadable();
  const isKnown = typeof version === 'string' && ID.test(version);
  return { id, etag: isKnown ? `W/"${version}"` : undefined };
}

function own(object: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

function unreadable(): UpstreamFailed {
  return new UpstreamFailed(
    'The FHIR server behind this one answered a search with something else',
  );
}
