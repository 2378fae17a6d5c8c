import { Injectable, Logger } from '@nestjs/common';
import type { RegistryRow } from '../../interactions/registry/resource-registry.js';
import { ResourceStores } from '../../interactions/storage/resource-stores.js';
import { systemTable } from '../../interactions/storage/resource-table.js';
import { ExternalSecrets } from '../secrets/external-secrets.js';
import { externalIntrospector } from './external-introspector.js';
import type { TokenIntrospector } from './token-introspector.js';

/** Reads an introspector anew, with what its external secrets are now. */
type Reader = () => {
  readonly introspector: TokenIntrospector;
  readonly problems: readonly string[];
};

/** Every TokenIntrospector, parsed, its secrets in place, in memory. */
@Injectable()
export class IntrospectorRegistry {
  private readonly log = new Logger('TokenIntrospector');
  private introspectors: readonly TokenIntrospector[] = [];
  private readers: readonly Reader[] = [];
  private reported: ReadonlySet<string> = new Set();

  constructor(stores: ResourceStores, external: ExternalSecrets) {
    stores.registry(
      systemTable('TokenIntrospector'),
      (row) => readerOf(row, external),
      (readers) => {
        this.readers = [...readers.values()];
        this.publish();
      },
    );
    external.onChange(() => {
      this.publish();
    });
  }

  /** All of them, inactive ones included, in order of id; another array after every change. */
  all(): readonly TokenIntrospector[] {
    return this.introspectors;
  }

  private publish(): void {
    const readings = this.readers.map((read) => read());
    const problems = new Set(readings.flatMap((reading) => reading.problems));
    for (const problem of problems) {
      if (!this.reported.has(problem)) this.log.warn(problem);
    }
    this.reported = problems;
    this.introspectors = Object.freeze(readings.map(({ introspector }) => introspector).sort(byId));
  }
}

/** One without references is parsed once, so that what is derived from it is kept. */
function readerOf(row: RegistryRow, external: ExternalSecrets): Reader {
  const first = externalIntrospector(row, external);
  return first.hasReferences ? () => externalIntrospector(row, external) : () => first;
}

function byId(one: TokenIntrospector, other: TokenIntrospector): number {
  return one.id < other.id ? -1 : 1;
}
