import { Injectable } from '@nestjs/common';
import { BadRequest } from '../../errors/fhir-error.js';
import { ConditionNotMet } from '../../interactions/bundle/bundle-errors.js';
import { criteriaKey, criteriaSearch, type Criteria } from '../../interactions/bundle/criteria.js';
import { readEntryQuery } from '../../interactions/bundle/entry-address.js';
import type { PickedResource } from '../../interactions/bundle/resolve-target.js';
import type { Passage } from '../passing/passage.js';
import { GatewaySettings } from '../gateway-settings.js';
import { assertSearchedBy, criteriaOf } from '../checking/self-link.js';
import { Upstream } from '../upstream/upstream.js';
import { LocalAddresses } from './local-addresses.js';
import { LookedUpMatches, LookedUpResource } from './looked-up-resources.js';
import { lookUp } from './lookup-answer.js';
import { searchRequest } from './search-requests.js';

/** Different criteria and preconditions in one request; each is looked up at the upstream. */
const MAX_LOOKUPS = 100;
/** Of a resource that is there, where the upstream tells no versions; no entity tag names it. */
const UNTOLD = 'not told';

/** Finds at the upstream what criteria pick, so that it is known before it is decided and changed. */
@Injectable()
export class UpstreamLookup {
  constructor(
    private readonly upstream: Upstream,
    readonly addresses: LocalAddresses,
    private readonly settings: GatewaySettings,
  ) {}

  /** Lookups for one request, each made once. */
  for(passage: Passage): Lookup {
    return new Lookup(this.upstream, this.addresses, passage, this.settings);
  }
}

/** Lookups for one request. */
export class Lookup {
  private readonly found = new Map<string, Promise<PickedResource | undefined>>();
  private readonly versions = new Map<string, Promise<string | undefined>>();

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
   * and for too many lookups, FhirError 403 where it refuses the search, 502 for an answer that is no search,
   * was made without some of the criteria, or breaks off, 503 where it is asked too much, 504 where it stalls
   */
  find(criteria: Criteria): Promise<PickedResource | undefined> {
    return this.once(this.found, criteriaKey(criteria), () => this.ask(criteria));
  }

  /**
   * The id of the current version of a resource, for its preconditions.
   *
   * @returns `undefined` where there is no such resource
   * @throws FhirError as {@link find} does
   */
  versionOf(type: string, id: string): Promise<string | undefined> {
    return this.once(this.versions, `${type}/${id}`, () => this.readVersion(type, id));
  }

  private once<T>(known: Map<string, Promise<T>>, key: string, ask: () => Promise<T>): Promise<T> {
    const asked = known.get(key);
    if (asked) return asked;
    if (this.found.size + this.versions.size >= MAX_LOOKUPS) {
      throw new BadRequest(
        `A request has ${MAX_LOOKUPS} different criteria and preconditions at most here`,
        'too-costly',
      );
    }
    const asking = ask();
    known.set(key, asking);
    return asking;
  }

  private async readVersion(type: string, id: string): Promise<string | undefined> {
    const { origin, signal } = this.passage;
    const request = { method: 'GET', path: [type, id], query: [], headers: {} } as const;
    const answer = await this.upstream.send(request, origin, signal);
    const resource = new LookedUpResource({ type, id });
    const isThere = await lookUp(answer, resource, [404, 410]);
    return isThere ? (resource.version ?? UNTOLD) : undefined;
  }

  private async ask(criteria: Criteria): Promise<PickedResource | undefined> {
    // Read once more, so that what is sent is what was understood.
    criteriaSearch(criteria);
    const { type, queryString } = this.addresses.criteria(criteria);
    const query = { ...readEntryQuery(queryString), _count: '2' };
    const { origin, signal } = this.passage;
    const answer = await this.upstream.send(searchRequest([type.name], query), origin, signal);
    const found = new LookedUpMatches(type.name);
    await lookUp(answer, found);
    assertSearchedBy(found.self, criteriaOf(query), this.settings.selfLink);
    // Some servers have pages that are shorter than what was asked for.
    if (found.count <= 1 && !found.goesOn) return found.match;
    throw new ConditionNotMet(
      'conflict',
      `Several resources match ${criteriaKey(criteria).slice(0, 200)}`,
    );
  }
}
