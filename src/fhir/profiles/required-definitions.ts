import { FhirError } from '../../errors/fhir-error.js';
import { isJsonObject, type Json } from '../../interactions/formats/json.js';
import type { WriteContext } from '../../interactions/resource-rules.js';
import { isAnnounced } from '../../interactions/storage/resource-table.js';
import type { Transaction } from '../../interactions/storage/transaction.js';
import { RESOURCE_TYPES } from '../resource-types.js';
import type { ProfileLibrary } from './profile-library.js';
import { definitionKey } from './reading-limits.js';

/** Whoever writes such a definition decides what all resources of a type must be: 403 for all but administrators. */
export class DefinitionNeedsAdministrator extends FhirError {
  readonly status = 403;

  constructor(key: string) {
    const [type = '', url = ''] = key.split('|');
    super([
      {
        code: 'forbidden',
        diagnostics: `Only an administrator may write or delete the ${type} ${url.slice(0, 200)}: a required profile needs it`,
        expression: `${type}.url`,
      },
    ]);
  }
}

/** Who changes a definition, as far as it is known; nobody counts as an administrator. */
export type DefinitionChange = Partial<Pick<WriteContext, 'writer' | 'transaction'>>;

/** Keeps what required profiles are read from in the hands of administrators, whatever policies allow. */
export class RequiredDefinitions {
  private readonly known = new WeakMap<Transaction, Promise<ReadonlySet<string>>>();

  constructor(
    private readonly library: Pick<ProfileLibrary, 'closure'>,
    private readonly requiredProfiles: ReadonlyMap<string, readonly string[]>,
  ) {}

  /**
   * @param texts of the definition before and afterwards, as far as there are any
   * @throws DefinitionNeedsAdministrator 403
   */
  async assertMayChange(
    type: string,
    texts: readonly string[],
    { writer, transaction }: DefinitionChange,
  ): Promise<void> {
    if (!isAnnounced(type) || this.requiredProfiles.size === 0) return;
    if (writer?.isAdministrator === true) return;
    const needed = await this.needed(transaction);
    const key = texts.map((text) => keyOf(type, text)).find((each) => needed.has(each));
    if (key !== undefined) throw new DefinitionNeedsAdministrator(key);
  }

  /** What is allowed changes nothing of this, so that once is enough for each transaction. */
  private needed(transaction: Transaction | undefined): Promise<ReadonlySet<string>> {
    if (!transaction) return this.read();
    const needed = this.known.get(transaction) ?? this.read(transaction);
    this.known.set(transaction, needed);
    return needed;
  }

  /**
   * Everything that is looked for on account of the profiles of system resources; of those of clinical types
   * the profiles, but not the codes, which those who write them may maintain.
   */
  private async read(transaction?: Transaction): Promise<ReadonlySet<string>> {
    const needed = new Set<string>();
    for (const [type, profiles] of this.requiredProfiles) {
      const isCounted = RESOURCE_TYPES.has(type) ? isProfile : () => true;
      for (const canonical of profiles) {
        const { lookups } = await this.library.closure(canonical, transaction);
        for (const key of [...lookups].filter(isCounted)) needed.add(key);
      }
    }
    return needed;
  }
}

function isProfile(key: string): boolean {
  return key.startsWith('StructureDefinition|');
}

function keyOf(type: string, text: string): string {
  const definition = JSON.parse(text) as Json;
  const url = isJsonObject(definition) ? definition['url'] : undefined;
  return definitionKey(type, typeof url === 'string' ? url : '');
}
