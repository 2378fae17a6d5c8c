import { Injectable } from '@nestjs/common';
import { BadRequest, NotFound } from '../../errors/fhir-error.js';
import { EntryAuthorizer } from '../../interactions/bundle/entry-authorizer.js';
import {
  assertInlineAllowed,
  refusalOfSearches,
} from '../../interactions/bundle/inline-searches.js';
import { assertResourceId } from '../../interactions/resource-id.js';
import { ClinicalSearches } from '../../interactions/search/query/clinical-searches.js';
import { GatewaySettings } from '../gateway-settings.js';
import { withoutSeals, type ContinuedRequest } from '../paging/sealed-links.js';
import type { SealedKind } from '../paging/link-seals.js';
import type { Passage } from '../passing/passage.js';
import { LocalAddresses } from '../requests/local-addresses.js';
import type { OperationTarget } from '../requests/operation-requests.js';
import type { QueryPair } from '../requests/query-pairs.js';
import { exportRequest, filterPair, type ExportRequest } from './export-request.js';

/** Milliseconds for which an export and its files are held; they take hours to make and to fetch. */
const LIFETIME_MS = 86_400_000;
const REMEDY = 'export again';

/** Where an export stands, until it is over. */
export const JOB: SealedKind = {
  parameter: '_job',
  noun: 'job',
  remedy: REMEDY,
  lifetimeMs: LIFETIME_MS,
};

/** A file of an export. */
export const FILE: SealedKind = {
  parameter: '_file',
  noun: 'file',
  remedy: REMEDY,
  lifetimeMs: LIFETIME_MS,
};

/** An export that was understood and is allowed. */
export interface DecidedExport extends ContinuedRequest {
  /** Below the base of the upstream. */
  readonly segments: readonly string[];
  readonly pairs: readonly QueryPair[];
  /** Types that were decided on. */
  readonly types: ReadonlySet<string>;
}

/** Decides on exports, before they begin and whenever they go on. */
@Injectable()
export class ExportDecisions {
  constructor(
    private readonly searches: ClinicalSearches,
    private readonly addresses: LocalAddresses,
    private readonly authorizer: EntryAuthorizer,
    private readonly settings: GatewaySettings,
  ) {}

  /**
   * An export that the guard has let through as an operation, decided for what may be in it: each type as a
   * search of all of it, since no search narrows an export for sure. Without `_type` it is all of R4.
   *
   * @throws NotFound 404 where exports are not passed, BadRequest 400 for what is not understood
   * @throws FhirError 403 where one of the types is not allowed
   */
  async of(target: OperationTarget, passage: Passage): Promise<DecidedExport> {
    const { request, method } = passage;
    // With HEAD nobody would learn of the job.
    if (!this.settings.operations.includes('export') || method === 'HEAD') throw notPassed();
    const segments = segmentsOf(target);
    const { types: all } = this.addresses.definitions;
    const exported = exportRequest(withoutSeals(request, JOB, FILE), request.body, all);
    const { types = all, query } = exported;
    await this.assertAllowed(types, exported, passage);
    const filters = exported.filters.map(({ type, query: criteria }) =>
      filterPair({ type, query: this.addresses.query(criteria, [type]) }),
    );
    const path = segments.map((segment) => `/${segment}`).join('');
    const pairs = [...exported.pairs, ...filters];
    return { path, query, segments, pairs, types: new Set(types) };
  }

  private async assertAllowed(
    types: readonly string[],
    { filters }: ExportRequest,
    { request }: Passage,
  ): Promise<void> {
    const parsed = filters.map(({ type, query }) => this.searches.parseCriteria(query, type));
    const decisions = this.authorizer.snapshot(request);
    const whole = types.map((type) => ({ type, query: {} }));
    const refusal = await refusalOfSearches([...whole, ...filters], decisions);
    if (refusal) throw refusal;
    for (const search of parsed) await assertInlineAllowed(search, decisions);
  }
}

/** @throws NotFound 404 where the guide has no export (Bulk Data Access 2.0, Endpoints) */
function segmentsOf({ type, id }: OperationTarget): readonly string[] {
  if (type === undefined) return ['$export'];
  if (type === 'Patient' && id === undefined) return [type, '$export'];
  if (type !== 'Group' || id === undefined) throw notPassed();
  assertResourceId(id, type);
  return [type, id, '$export'];
}

/** @throws BadRequest 400 without the preference by which alone exports are made */
export function assertAsync({ prefer }: Passage['request']): void {
  if (/(?:^|[,;\s])respond-async(?:$|[,;\s])/i.test(prefer ?? '')) return;
  throw new BadRequest('$export is made later only: send Prefer: respond-async', 'required');
}

function notPassed(): NotFound {
  return new NotFound('There is no such route, or not with this method');
}
