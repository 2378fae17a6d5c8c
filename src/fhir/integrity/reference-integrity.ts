import { InvalidResource, StillNeeded, type Issue } from '../../errors/fhir-error.js';
import { isJsonObject, type Json } from '../../interactions/formats/json.js';
import { literalReferences } from '../../interactions/search/index/literal-references.js';
import { ANY_REFERENCE } from '../../interactions/search/index/index-rows.js';
import { beforeCommit } from '../../interactions/storage/before-commit.js';
import { clinicalTable } from '../../interactions/storage/resource-table.js';
import type { LiveVersion } from '../../interactions/storage/stored-version.js';
import type { Transaction } from '../../interactions/storage/transaction.js';

/** What integrity is kept with. */
export interface IntegrityContext {
  /** Whether it is kept at all (WARDGATE_REFERENTIAL_INTEGRITY). */
  readonly isKept: boolean;
  /** Base of FHIR here. */
  readonly baseUrl: string;
  /** Types that have tables of their own; what refers to them is not looked at. */
  readonly systemTypes: readonly string[];
  /** @throws SearchNotReady 503 while referrers could be missed */
  readonly assertComplete: () => void;
}

/** Reference from one resource to another, by `Type/id`. */
interface Wanted {
  readonly type: string;
  readonly id: string;
  readonly referrer: string;
  readonly expression: string;
}

/** What a transaction has done so far. */
interface Work {
  /** By referrer, so that what is written twice counts as it is in the end. */
  readonly written: Map<string, readonly Wanted[]>;
  readonly removed: Map<string, { readonly type: string; readonly id: string }>;
}

const MAX_COUNTED = 100;
const MAX_ISSUES = 20;

/**
 * Keeps references whole: what is written refers to clinical resources that are there, and what is referred to is
 * not deleted. All of a transaction is looked at when it is done, so that its entries may refer to each other in
 * any order.
 */
export class ReferenceIntegrity {
  private readonly works = new WeakMap<Transaction, Work>();

  constructor(private readonly context: IntegrityContext) {}

  /** A clinical resource was written in this transaction. */
  written({ type, id, text }: LiveVersion, transaction: Transaction): void {
    if (!this.context.isKept) return;
    const resource = JSON.parse(text) as Json;
    if (!isJsonObject(resource)) return;
    const referrer = `${type}/${id}`;
    const wanted = literalReferences(resource, this.context.baseUrl).map((reference) => ({
      ...reference,
      referrer,
    }));
    this.workOf(transaction).written.set(referrer, wanted);
  }

  /** A clinical resource is deleted in this transaction. */
  removed(type: string, id: string, transaction: Transaction): void {
    if (!this.context.isKept) return;
    this.context.assertComplete();
    const work = this.workOf(transaction);
    work.written.delete(`${type}/${id}`);
    work.removed.set(`${type}/${id}`, { type, id });
  }

  private workOf(transaction: Transaction): Work {
    const known = this.works.get(transaction);
    if (known) return known;
    const work: Work = { written: new Map(), removed: new Map() };
    this.works.set(transaction, work);
    beforeCommit(transaction, this, async () => {
      await this.checkTargets([...work.written.values()].flat(), transaction);
      for (const { type, id } of work.removed.values()) {
        await this.checkReferrers(type, id, transaction);
      }
    });
    return work;
  }

  /** @throws InvalidResource 422 for references that lead to nothing */
  private async checkTargets(wanted: readonly Wanted[], transaction: Transaction): Promise<void> {
    const { systemTypes } = this.context;
    // Whoever writes clinical resources could otherwise find out who is a user here, and by which policies.
    const clinical = wanted.filter(({ type }) => !systemTypes.includes(type));
    const there = await present(clinical, transaction);
    const missing = clinical.filter(({ type, id }) => !there.has(`${type}/${id}`));
    if (missing.length > 0) throw new InvalidResource(missing.slice(0, MAX_ISSUES).map(issueOf));
  }

  /** @throws StillNeeded 409 which says of what types the resources are that refer to it, and never which they are */
  private async checkReferrers(type: string, id: string, { manager }: Transaction): Promise<void> {
    const rows: { type: string; count: string }[] = await manager.query(
      `SELECT resource_type AS type, count(*) AS count
         FROM (SELECT DISTINCT c.search_key, c.resource_type
                 FROM search_reference r JOIN clinical_resource c ON c.search_key = r.search_key
                WHERE r.slot = $1 AND r.target_id = $2 AND r.target_type = $3
                  AND NOT EXISTS (SELECT FROM clinical_resource WHERE resource_type = $3 AND id = $2)
                LIMIT ${MAX_COUNTED + 1}) AS referrer
        GROUP BY resource_type ORDER BY resource_type`,
      [ANY_REFERENCE, id, type],
    );
    if (rows.length === 0) return;
    const count = rows.reduce((sum, row) => sum + Number(row.count), 0);
    const counted = count > MAX_COUNTED ? `more than ${MAX_COUNTED}` : String(count);
    const types = rows.map((row) => row.type).join(', ');
    throw new StillNeeded(
      `${type}/${id} is referred to by resources of type ${types} (${counted} in all)`,
    );
  }
}

/**
 * Which of the resources are there. Until this transaction ends nobody deletes them: the lock is that of a
 * foreign key, which deletions wait for and updates do not.
 */
async function present(wanted: readonly Wanted[], { manager }: Transaction): Promise<Set<string>> {
  if (wanted.length === 0) return new Set();
  const rows: { key: string }[] = await manager.query(
    `SELECT resource_type || '/' || id AS key FROM ${clinicalTable('').current}
      WHERE (resource_type, id) IN (SELECT * FROM unnest($1::text[], $2::text[]))
      ORDER BY resource_type, id
        FOR KEY SHARE`,
    [wanted.map(({ type }) => type), wanted.map(({ id }) => id)],
  );
  return new Set(rows.map(({ key }) => key));
}

function issueOf({ type, id, referrer, expression }: Wanted): Issue {
  const diagnostics = `${referrer}: ${expression} leads to ${type}/${id}, which is not here`;
  return { code: 'not-found', diagnostics, expression };
}
