import { isJsonObject, type Json, type JsonObject } from '../../interactions/formats/json.js';
import type { Change, ChangeListener } from '../../interactions/changes/change-feed.js';
import type { Deadline } from '../../interactions/load/deadline.js';
import type { ClinicalSearches } from '../../interactions/search/query/clinical-searches.js';
import { isAnnounced } from '../../interactions/storage/resource-table.js';
import type { Transaction } from '../../interactions/storage/transaction.js';
import { readClosure, type ClosureSources, type ProfileClosure } from './profile-closure.js';
import { UnusableProfile } from './profile-node.js';
import { MAX_WEIGHT } from './reading-limits.js';
import type { FindDefinition } from './value-set-codes.js';
import { WeighedCache } from './weighed-cache.js';

const MAX_CLOSURES = 1_000;
/** Versions of one definition that are looked at. */
const VERSIONS = '50';
/** Of all definitions that are read for one profile; those of large guides have a tenth. */
const MAX_CHARACTERS = 200_000_000;

/** How definitions are found that are stored here. */
export interface DefinitionSearches extends Pick<ClinicalSearches, 'parse'> {
  /** The same as a transaction sees them. */
  within(manager: Transaction['manager']): Pick<ClinicalSearches, 'parse'>;
}

/** Profiles as they are stored, read when they are first needed and dropped when any of them changes. */
export class ProfileLibrary implements ChangeListener {
  private readonly closures = new WeighedCache<ProfileClosure>({
    entries: MAX_CLOSURES,
    weight: MAX_WEIGHT,
  });
  /** Apart from the others: anybody can claim what nobody knows. */
  private readonly unknown = new WeighedCache<ProfileClosure>({
    entries: MAX_CLOSURES,
    weight: MAX_WEIGHT / 10,
  });
  private epoch = 0;

  constructor(
    private readonly searches: DefinitionSearches,
    private readonly sources: Omit<ClosureSources, 'find'>,
  ) {}

  /**
   * @param transaction of the write that the profile is for: it sees what it has written itself
   * @throws DeadlineOver 503 when the transaction has no time left
   */
  async closure(canonical: string, transaction?: Transaction): Promise<ProfileClosure> {
    const seesMore = transaction?.changes.some(({ type }) => isAnnounced(type)) ?? false;
    const known = seesMore
      ? undefined
      : (this.closures.get(canonical) ?? this.unknown.get(canonical));
    if (known) return known;
    const { epoch } = this;
    const searches = transaction ? this.searches.within(transaction.manager) : this.searches;
    const find = finder(searches, transaction?.deadline);
    const closure = await readClosure(canonical, { ...this.sources, find });
    // What is not committed concerns nobody else, and what was changed meanwhile is old.
    if (!seesMore && epoch === this.epoch) this.keep(canonical, closure);
    return closure;
  }

  async onChanges(changes: readonly Change[]): Promise<void> {
    if (changes.some(({ type }) => isAnnounced(type))) this.clear();
  }

  async onReset(): Promise<void> {
    this.clear();
  }

  private keep(canonical: string, closure: ProfileClosure): void {
    const isKnown = closure.profiles.get(canonical) !== undefined;
    (isKnown ? this.closures : this.unknown).keep(canonical, closure);
  }

  private clear(): void {
    this.epoch += 1;
    this.closures.clear();
    this.unknown.clear();
  }
}

/** Finds the latest version of definitions, for one profile that is read. */
function finder(
  searches: Pick<ClinicalSearches, 'parse'>,
  deadline: Deadline | undefined,
): FindDefinition {
  let left = MAX_CHARACTERS;
  return async (type, canonical) => {
    const [url = '', version] = canonical.split('|');
    if (url === '') return undefined;
    deadline?.assertLeft();
    const params = { url: url.replace(/[\\,$]/g, '\\$&'), _count: VERSIONS };
    const { matches } = await searches.parse(params, [type]).run();
    for (const { text } of matches) left -= text.length;
    if (left < 0) throw new UnusableProfile('needs definitions that are too large together');
    const found = matches
      .map(({ text }) => JSON.parse(text) as Json)
      .filter(isJsonObject)
      // A URL with a bar in it is found by what stands before that, too.
      .filter((definition) => textAt(definition, 'url') === url)
      .filter((definition) => version === undefined || definition['version'] === version);
    return found.sort(byVersion).at(-1);
  };
}

/** The latest last; of one version, the one that was written last. */
function byVersion(a: JsonObject, b: JsonObject): number {
  const [one, other] = [textAt(a, 'version'), textAt(b, 'version')];
  const order = one.localeCompare(other, 'en', { numeric: true });
  return order === 0 ? writtenAt(a).localeCompare(writtenAt(b)) : order;
}

function writtenAt({ meta }: JsonObject): string {
  return isJsonObject(meta) ? textAt(meta, 'lastUpdated') : '';
}

function textAt(object: JsonObject, name: string): string {
  const value = Object.hasOwn(object, name) ? object[name] : undefined;
  return typeof value === 'string' ? value : '';
}
