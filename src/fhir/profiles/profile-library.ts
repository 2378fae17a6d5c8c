import { isJsonObject, type Json, type JsonObject } from '../../interactions/formats/json.js';
import type { Change, ChangeListener } from '../../interactions/changes/change-feed.js';
import type { ClinicalSearches } from '../../interactions/search/query/clinical-searches.js';
import { isAnnounced } from '../../interactions/storage/resource-table.js';
import type { Transaction } from '../../interactions/storage/transaction.js';
import { readClosure, type ClosureSources, type ProfileClosure } from './profile-closure.js';
import type { FindDefinition } from './value-set-codes.js';

/** Elements of profiles and codes of value sets that are held; some hundred bytes each. */
const MAX_WEIGHT = 500_000;
const MAX_CLOSURES = 1_000;
/** Versions of one definition that are looked at. */
const VERSIONS = '50';

/** Profiles as they are stored, read when they are first needed and dropped when any of them changes. */
export class ProfileLibrary implements ChangeListener {
  /** The one that was used last is the last. */
  private readonly closures = new Map<string, ProfileClosure>();
  private weight = 0;
  private epoch = 0;

  constructor(
    private readonly searches: ClinicalSearches,
    private readonly sources: Omit<ClosureSources, 'find'>,
  ) {}

  /** @param transaction of the write that the profile is for: it sees what it has written itself */
  async closure(canonical: string, transaction?: Transaction): Promise<ProfileClosure> {
    const seesMore = transaction?.changes.some(({ type }) => isAnnounced(type)) ?? false;
    const known = seesMore ? undefined : this.closures.get(canonical);
    if (known) {
      this.closures.delete(canonical);
      this.closures.set(canonical, known);
      return known;
    }
    const { epoch } = this;
    const searches = transaction ? this.searches.within(transaction.manager) : this.searches;
    const closure = await readClosure(canonical, { ...this.sources, find: finder(searches) });
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
    this.drop(canonical);
    this.closures.set(canonical, closure);
    this.weight += closure.weight;
    for (const oldest of this.closures.keys()) {
      if (this.weight <= MAX_WEIGHT && this.closures.size <= MAX_CLOSURES) break;
      this.drop(oldest);
    }
  }

  private drop(canonical: string): void {
    this.weight -= this.closures.get(canonical)?.weight ?? 0;
    this.closures.delete(canonical);
  }

  private clear(): void {
    this.epoch += 1;
    this.closures.clear();
    this.weight = 0;
  }
}

function finder(searches: ClinicalSearches): FindDefinition {
  return async (type, canonical) => {
    const [url = '', version] = canonical.split('|');
    if (url === '') return undefined;
    const params = { url: url.replace(/[\\,$]/g, '\\$&'), _count: VERSIONS };
    const { matches } = await searches.parse(params, [type]).run();
    const found = matches
      .map(({ text }) => JSON.parse(text) as Json)
      .filter(isJsonObject)
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
