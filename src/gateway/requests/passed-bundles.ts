import { Injectable } from '@nestjs/common';
import { allUnderstood, decideEntries } from '../../interactions/bundle/decide-entries.js';
import type { BundleEntry } from '../../interactions/bundle/bundle-entry.js';
import { BundleTypes } from '../../interactions/bundle/bundle-types.js';
import { EntryAuthorizer } from '../../interactions/bundle/entry-authorizer.js';
import { assertDistinct } from '../../interactions/bundle/entry-identities.js';
import {
  failedEntry,
  responseBundle,
  responseEntry,
  type EntryResponse,
} from '../../interactions/bundle/entry-response.js';
import { exactResources, parseBundle } from '../../interactions/bundle/parse-bundle.js';
import type { Answer } from '../../interactions/http/answer.js';
import { requiredBody } from '../../interactions/http/interaction-request.js';
import { refuseUnusedParameters } from '../../interactions/http/unused-parameters.js';
import type { Deadline } from '../../interactions/load/deadline.js';
import type { ExpectedAnswer } from '../checking/expected-answer.js';
import { Pages } from '../paging/pages.js';
import type { Passage } from '../passing/passage.js';
import { Passing } from '../passing/passing.js';
import { RESPONSE_BUNDLE } from '../rewriting/bundle-places.js';
import type { LinkRewriter } from '../rewriting/link-rewriter.js';
import type { UpstreamRequest } from '../upstream/upstream.js';
import { clinicalTypes } from './clinical-types.js';
import { SentEntryVerdict } from './entry-verdicts.js';
import { preconditions } from './instance-requests.js';
import { expectedOfEntry } from './entry-requests.js';
import { isPaged, pagedRequest } from './paged-entries.js';
import {
  preparedBatch,
  preparedTransaction,
  type PreparedEntry,
  type SentEntry,
} from './prepared-bundle.js';
import { ResponseEntries } from './response-entries.js';
import { UpstreamLookup } from './upstream-lookup.js';

const FHIR_JSON = 'application/fhir+json; charset=utf-8';

/**
 * Batches and transactions for the upstream (spec §9; FHIR R4, RESTful API §3.1.0.11). Each entry is decided
 * before the first effect. What is sent is made anew of what was understood; of a batch, without the entries
 * that are denied, whose answers are put in at their places.
 */
@Injectable()
export class PassedBundles {
  private readonly types: BundleTypes;

  constructor(
    types: BundleTypes,
    private readonly authorizer: EntryAuthorizer,
    private readonly lookup: UpstreamLookup,
    private readonly pages: Pages,
    private readonly passing: Passing,
  ) {
    this.types = clinicalTypes(types);
  }

  /**
   * @param deadline for deciding on all entries
   * @throws FhirError 400 or 422 when it is no such Bundle, EntriesFailed when a transaction is refused,
   * DeadlineOver 503
   */
  async process(passage: Passage, deadline: Deadline): Promise<Answer> {
    const { request } = passage;
    refuseUnusedParameters(request.query);
    const source = requiredBody(request);
    const { type, entries } = parseBundle(source, this.types);
    if (type === 'transaction') assertDistinct(allUnderstood(entries));
    const decisions = this.authorizer.snapshot(request);
    const decided = await decideEntries(entries, decisions, deadline);
    const preparation = {
      resources: exactResources(source),
      lookup: this.lookup.for(passage),
      addresses: this.lookup.addresses,
      decisions,
      deadline,
    };
    const prepared = await (type === 'transaction'
      ? preparedTransaction(allUnderstood(decided), preparation)
      : preparedBatch(decided, preparation));
    return this.send(type, prepared, passage);
  }

  private async send(
    type: 'batch' | 'transaction',
    prepared: readonly PreparedEntry[],
    passage: Passage,
  ): Promise<Answer> {
    const sent = prepared.filter((entry) => 'element' in entry);
    if (sent.length === 0) {
      return { status: 200, headers: {}, text: responseBundle(type, prepared.map(ownResponse)) };
    }
    const added = prepared.flatMap((entry): [number, string][] =>
      'element' in entry ? [] : [[entry.index, responseEntry(ownResponse(entry))]],
    );
    const verdicts = new Map(sent.map((entry) => [entry.index, new SentEntryVerdict(entry)]));
    const entries = new ResponseEntries(
      [...verdicts].map(([position, verdict]) => ({ position, verdict })),
      new Map(added),
    );
    const verdictNow = () => verdicts.get(entries.current ?? -1);
    const links = this.linksOf(() => verdictNow()?.sent.entry, passage);
    const expected = (): ExpectedAnswer => {
      const verdict = verdictNow();
      if (!verdict) throw new Error('A resource answers no entry that was sent');
      return expectedOfEntry(verdict.sent.entry, verdict.mayBeRefused);
    };
    const options = { links, places: RESPONSE_BUNDLE, entries, expected };
    return this.passing.pass(sentBundle(type, sent, passage), passage, options);
  }

  /** Links to further pages are those of the search or history that the entry asks for. */
  private linksOf(entryNow: () => BundleEntry | undefined, passage: Passage): LinkRewriter {
    const linksAt = (entry: BundleEntry) => this.pages.links(pagedRequest(entry), passage);
    return {
      resource: (url) => this.pages.resource(url),
      page: (url) => {
        const entry = entryNow();
        // A Bundle that was read is a resource: what it holds for links, somebody has written.
        return entry && isPaged(entry) ? linksAt(entry).page(url) : url;
      },
    };
  }
}

function sentBundle(
  type: 'batch' | 'transaction',
  sent: readonly SentEntry[],
  { request: { prefer } }: Passage,
): UpstreamRequest {
  const elements = sent.map(({ element }) => element).join(',');
  return {
    method: 'POST',
    path: [],
    query: [],
    headers: {
      ...preconditions({ ifMatch: undefined, ifNoneMatch: undefined, prefer }, 'with'),
      'content-type': FHIR_JSON,
    },
    body: `{"resourceType":"Bundle","type":"${type}","entry":[${elements}]}`,
  };
}

/** What is answered without the upstream. */
function ownResponse(prepared: PreparedEntry): EntryResponse {
  if ('refusal' in prepared) return failedEntry(prepared.refusal);
  return { status: 204 };
}
