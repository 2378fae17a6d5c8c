import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { FhirError, NotFound } from '../../../errors/fhir-error.js';
import { toFhirError } from '../../../errors/to-fhir-error.js';
import type { ParsedBody } from '../../formats/json.js';
import type { Requester } from '../../resource-interactions.js';
import type { Transaction } from '../../storage/transaction.js';
import { NO_DEADLINE } from '../../load/deadline.js';
import { UnitOfWork } from '../../storage/unit-of-work.js';
import { BundleProcessor, type BundleResult } from '../bundle-processor.js';
import type { EntryDecisions } from '../entry-authorizer.js';
import { InitBundleError } from './init-bundle-error.js';
import { InitBundleSettings } from './init-bundle-settings.js';
import { readInitBundle } from './read-init-bundle.js';

const SERVER: Requester = { family: 'fhir', writer: { isAdministrator: true } };
/** Whoever sets the environment of the server administers it anyway. */
const EVERYTHING: EntryDecisions = {
  decidesInlineSearches: false,
  refusalOf: async () => undefined,
};
/** What would be written of others would lie where nobody reads it. */
const SYSTEM_RESOURCES: EntryDecisions = {
  decidesInlineSearches: false,
  refusalOf: async ({ isSystem, routeParams: { type } }) =>
    isSystem ? undefined : new NotFound(`${type} is kept by the FHIR server behind this one`),
};
const RETRY_MS = 200;

/** Applies the Bundle of BOX_INIT_BUNDLE at every start, before the port opens (spec §5). */
@Injectable()
export class InitBundle {
  private readonly logger = new Logger('InitBundle');

  constructor(
    private readonly bundles: BundleProcessor,
    private readonly unitOfWork: UnitOfWork,
    private readonly settings: InitBundleSettings,
  ) {}

  /**
   * Applies the Bundle as the server itself; of several instances one at a time. Batch entries that fail draw
   * a warning.
   *
   * @throws InitBundleError when it cannot be read, is no such Bundle, or is a transaction that fails.
   */
  async apply(): Promise<void> {
    const { location } = this.settings;
    if (location === undefined) return;
    const source = await readInitBundle(location);
    const { type, responses } = await this.process(source);
    responses.forEach(({ status, outcome = '' }, index) => {
      if (status >= 400) this.logger.warn(`Bundle.entry[${index}] failed: ${status} ${outcome}`);
    });
    this.logger.log(`Applied a ${type} of ${responses.length} entries`);
  }

  private async process(source: ParsedBody): Promise<BundleResult> {
    const decisions = this.settings.hasClinicalResources ? EVERYTHING : SYSTEM_RESOURCES;
    try {
      // The lock is held by a transaction of its own, as every entry of a batch has another.
      return await this.unitOfWork.run(async (transaction) => {
        await turn(transaction);
        return this.bundles.process(source, decisions, {
          requester: SERVER,
          prefer: 'return=minimal',
          takenIds: 'refused',
          deadline: NO_DEADLINE,
        });
      });
    } catch (cause) {
      throw new InitBundleError(sentenceOf(toFhirError(cause)), { cause });
    }
  }
}

/** Waits until no other instance applies its Bundle; asks again and again, as waiting in a query ends early. */
async function turn({ manager }: Transaction): Promise<void> {
  await manager.query('SET LOCAL idle_in_transaction_session_timeout = 0');
  for (;;) {
    const rows: { isMine: boolean }[] = await manager.query(
      `SELECT pg_try_advisory_xact_lock(hashtextextended('init bundle', 0)) AS "isMine"`,
    );
    if (rows[0]?.isMine) return;
    await delay(RETRY_MS);
  }
}

function sentenceOf({ issues }: FhirError): string {
  return issues
    .map(({ expression, diagnostics }) => [expression, diagnostics].filter(Boolean).join(': '))
    .join('; ');
}
