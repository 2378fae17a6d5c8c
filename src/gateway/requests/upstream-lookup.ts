import { Injectable } from '@nestjs/common';
import { BadRequest } from '../../errors/fhir-error.js';
import { ConditionNotMet } from '../../interactions/bundle/bundle-errors.js';
import { criteriaKey, criteriaSearch, type Criteria } from '../../interactions/bundle/criteria.js';
import { readEntryQuery } from '../../interactions/bundle/entry-address.js';
import type { PickedResource } from '../../interactions/bundle/resolve-target.js';
import { isJsonObject, type Json, type JsonObject } from '../../interactions/formats/json.js';
import type { Passage } from '../passing/passage.js';
import { GatewaySettings } from '../gateway-settings.js';
import { assertSearchedBy, criteriaOf } from '../checking/self-link.js';
import { Upstream, type UpstreamAnswer } from '../upstream/upstream.js';
import { LocalAddresses } from './local-addresses.js';
import { lookedUp, member, unreadable } from './lookup-answer.js';
import { searchRequest } from './search-requests.js';

/** Different criteria in one request; each is a search of the upstream. */
const MAX_LOOKUPS = 100;
/** Of a resource that is there, where the upstream tells no versions; no entity tag names it. */
const UNTOLD = 'not told';
const ID = /^(?!\.{1,2}$)[A-Za-z0-9\-.]{1,64}$/;

/** Finds at the upstream what criteria pick, so that it is known before it is decided and changed. */
@Injectable()
export class UpstreamLookup {
  constructor(
    private readonly upstream: Upstream,
    readonly addresses: LocalAddresses,
    private readonly settings: GatewaySettings,
  ) {}

  /** Lookups for one request, each criteria looked for once. */
  for(passage: Passage): Lookup {
    return new Lookup(this.upstream, this.addresses, passage, this.settings);
  }
}

/** Lookups for one request. */
export class Lookup {
  private readonly found = new Map<string, Promise<PickedResource | undefined>>();

  constructor(
    private readonly upstream: Upstream,
    private readonly addresses: LocalAddresses,
    private readonly passage: Passage,
    private readonly settings: Pick<GatewaySettings, 'selfLink'>,
  ) {}

  /**
   * The one resource that meets criteria which were decided; `undefined` if none does.
   *
   * @throws ConditionNotMet 412 if several do, BadRequest 400 for what the upstream does not understand
   * and for too many criteria, FhirError 403 where it refuses the search, 502 for an answer that is no search,
   * was made without some of the criteria, or breaks off, 503 where it is asked too much, 504 where it stalls
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

  /**
   * The id of the current version of a resource, for its preconditions.
   *
   * @returns `undefined` where there is no such resource
   * @throws FhirError as {@link find} does
   */
  async versionOf(type: string, id: string): Promise<string | undefined> {
    const { origin, signal } = this.passage;
    const request = { method: 'GET', path: [type, id], query: [], headers: {} } as const;
    const answer = await this.upstream.send(request, origin, signal);
    const resource = await lookedUp(answer, [404, 410]);
    if (resource === undefined) return undefined;
    const isAsked =
      isJsonObject(resource) &&
      member(resource, 'resourceType') === type &&
      member(resource, 'id') === id;
    if (!isAsked) throw unreadable();
    return versionIn(resource) ?? UNTOLD;
  }

  private async ask(criteria: Criteria): Promise<PickedResource | undefined> {
    // Read once more, so that what is sent is what was understood.
    criteriaSearch(criteria);
    const { type, queryString } = this.addresses.criteria(criteria);
    const query = { ...readEntryQuery(queryString), _count: '2' };
    const { origin, signal } = this.passage;
    const answer = await this.upstream.send(searchRequest([type.name], query), origin, signal);
    const found = await bundleOf(answer);
    assertSearchedBy(selfOf(found), criteriaOf(query), this.settings.selfLink);
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
  const value = await lookedUp(answer);
  if (isJsonObject(value) && member(value, 'resourceType') === 'Bundle') return value;
  throw unreadable();
}

/** What was asked for, without what a server adds, such as an OperationOutcome; two tell as much as all. */
function matchesIn(bundle: JsonObject, type: string): readonly PickedResource[] {
  const entries = member(bundle, 'entry') ?? [];
  if (!Array.isArray(entries)) throw unreadable();
  return (entries as readonly Json[]).flatMap((entry) => {
    const search = isJsonObject(entry) ? member(entry, 'search') : undefined;
    const mode = isJsonObject(search) ? member(search, 'mode') : undefined;
    const resource = isJsonObject(entry) ? member(entry, 'resource') : undefined;
    if (mode === 'outcome' || mode === 'include') return [];
    if (!isJsonObject(resource) || member(resource, 'resourceType') !== type) throw unreadable();
    return [pickedFrom(resource)];
  });
}

/** Whether there are further pages. */
function goesOn(bundle: JsonObject): boolean {
  return linksOf(bundle, 'next').length > 0;
}

/** Where the upstream says by what it searched. */
function selfOf(bundle: JsonObject): string | undefined {
  const [link, ...others] = linksOf(bundle, 'self');
  if (others.length > 0) throw unreadable();
  const url = link && member(link, 'url');
  return typeof url === 'string' ? url : undefined;
}

function linksOf(bundle: JsonObject, relation: string): readonly JsonObject[] {
  const links = member(bundle, 'link') ?? [];
  if (!Array.isArray(links)) throw unreadable();
  return (links as readonly Json[])
    .filter(isJsonObject)
    .filter((link) => member(link, 'relation') === relation);
}

function pickedFrom(resource: JsonObject): PickedResource {
  const id = member(resource, 'id');
  if (typeof id !== 'string' || !ID.test(id)) throw unreadable();
  const version = versionIn(resource);
  return { id, etag: version === undefined ? undefined : `W/"${version}"` };
}

function versionIn(resource: JsonObject): string | undefined {
  const meta = member(resource, 'meta');
  const version = isJsonObject(meta) ? member(meta, 'versionId') : undefined;
  return typeof version === 'string' && ID.test(version) ? version : undefined;
}
