import { Injectable } from '@nestjs/common';
import { BadRequest } from '../../errors/fhir-error.js';
import type { BundleEntry } from '../../interactions/bundle/bundle-entry.js';
import type { Criteria } from '../../interactions/bundle/criteria.js';
import { readEntryQuery } from '../../interactions/bundle/entry-address.js';
import { LocalReferences } from '../../interactions/references/local-references.js';
import { SearchDefinitions } from '../../interactions/search/definitions/search-definitions.js';
import type { QueryParams } from '../../interactions/search/parse-search.js';
import { splitValues } from '../../interactions/search/search-values.js';
import { GatewaySettings } from '../gateway-settings.js';
import { encodedPairs, pairsOf } from './query-pairs.js';

/** A reference parameter, with the type that it is narrowed to; no chain. */
const PLAIN = /^([^:.]+)(?::[A-Z][A-Za-z]*)?$/;

/**
 * What clients call resources of this server, and what the upstream calls them: `Type/id` in place of the
 * whole address here, which the built-in store takes for the same (FHIR R4, References §2.3.0.1 and Search
 * §3.1.1.4.12).
 */
@Injectable()
export class LocalAddresses {
  /** In content, by an address of this server or of the upstream. */
  readonly references: LocalReferences;
  private readonly own: LocalReferences;
  private readonly behind: LocalReferences;

  constructor(
    readonly definitions: SearchDefinitions,
    { baseUrl, upstreamUrl, otherUpstreamUrls }: GatewaySettings,
  ) {
    const own = [`${baseUrl}/fhir`];
    const behind = [upstreamUrl, ...otherUpstreamUrls];
    this.own = new LocalReferences(own);
    this.behind = new LocalReferences(behind);
    this.references = new LocalReferences([...own, ...behind]);
  }

  /**
   * Parameters of a search of all the types.
   *
   * @throws BadRequest 400 for a reference by an address of the upstream: it may know it for its own, while
   * policies have taken it for one elsewhere
   */
  query(query: QueryParams, types: readonly string[]): QueryParams {
    return Object.fromEntries(
      Object.entries(query).map(([name, given]) => [
        name,
        this.isReference(name, types) ? this.values(name, given) : given,
      ]),
    );
  }

  /** An entry of a Bundle with its search and its condition. @throws BadRequest 400 as {@link query} does */
  entry(entry: BundleEntry): BundleEntry {
    const { address, ifNoneExist } = entry;
    return {
      ...entry,
      address: { ...address, query: this.query(address.query, [address.type]) },
      ifNoneExist: ifNoneExist && this.criteria(ifNoneExist),
    };
  }

  /** Criteria that pick one resource. @throws BadRequest 400 as {@link query} does */
  criteria({ type, queryString }: Criteria): Criteria {
    const query = this.query(readEntryQuery(queryString), [type.name]);
    return { type, queryString: encodedPairs(pairsOf(query)) };
  }

  private isReference(name: string, types: readonly string[]): boolean {
    const base = PLAIN.exec(name)?.[1];
    if (base === undefined) return false;
    return types.every((type) => {
      const parameter = this.definitions.parameters(type).get(base);
      // What is canonical is a name, and no address.
      return (
        parameter?.kind === 'reference' &&
        parameter.elements.every((element) => element.type === 'Reference')
      );
    });
  }

  private values(name: string, given: QueryParams[string]): string | readonly string[] {
    const relative = (text: string): string =>
      splitValues(text)
        .map((value) => this.value(name, value))
        .join(',');
    return typeof given === 'string' ? relative(given) : given.map(relative);
  }

  private value(name: string, value: string): string {
    const relative = this.own.relative(value);
    if (relative !== value || !this.behind.isLocal(value) || this.own.isLocal(value)) {
      return relative;
    }
    throw new BadRequest(
      `${name} takes an id, Type/id or an address of this server`,
      'value',
      name,
    );
  }
}
