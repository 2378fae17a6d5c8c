import { Injectable } from '@nestjs/common';
import { capabilityStatement, SYSTEM_INTERACTIONS } from '../../fhir/capability-statement.js';
import { RenderedStatement, StatementSource } from '../../fhir/statement-source.js';
import { SystemTypes } from '../../fhir/system-types.js';
import type { JsonObject } from '../../interactions/formats/json.js';
import { SearchDefinitions } from '../../interactions/search/definitions/search-definitions.js';
import { COLUMN_PARAMETERS } from '../../interactions/search/query/column-conditions.js';
import { GatewaySettings } from '../gateway-settings.js';
import { EVERYTHING_TYPES } from '../requests/operation-requests.js';
import { ResourceLinks } from '../rewriting/resource-links.js';
import {
  commonCompartments,
  commonInteractions,
  commonPatches,
  mergedResources,
  passedOperations,
  serverPart,
  type Reach,
} from './merged-resources.js';
import { UpstreamStatement } from './upstream-statement.js';

interface Merged {
  /** The upstream's. */
  readonly of: JsonObject;
  readonly statement: RenderedStatement;
}

/** Those on the whole system that the gateway has routes for. */
const SYSTEM: ReadonlySet<string> = new Set(SYSTEM_INTERACTIONS);
/** Types on which exports are called (Bulk Data Access 2.0, Endpoints). */
const EXPORT_TYPES: ReadonlySet<string> = new Set(['Patient', 'Group']);

/** The CapabilityStatement of a gateway: what the upstream can do and is reached, under Wardgate's rules. */
@Injectable()
export class MergedStatement extends StatementSource {
  private last: Merged | undefined;
  private readonly reach: Reach = {
    parameters: (type) => this.parametersOf(type),
    hasOperation: (type, name) => this.hasOperation(type, name),
    resource: (url) => this.links.resource(url),
  };

  constructor(
    private readonly upstream: UpstreamStatement,
    private readonly settings: GatewaySettings,
    private readonly systemTypes: SystemTypes,
    private readonly definitions: SearchDefinitions,
    private readonly links: ResourceLinks,
  ) {
    super();
  }

  async current(): Promise<RenderedStatement> {
    const upstream = await this.upstream.current();
    if (this.last?.of === upstream) return this.last.statement;
    const statement = new RenderedStatement(JSON.stringify(this.merged(upstream)));
    this.last = { of: upstream, statement };
    return statement;
  }

  private merged(upstream: JsonObject): object {
    const { baseUrl, version } = this.settings;
    const own = capabilityStatement({
      baseUrl,
      version,
      date: dateOf(upstream),
      types: [],
      systemTypes: this.systemTypes.names,
      compartments: this.definitions.compartments,
    }) as JsonObject;
    return {
      ...own,
      implementation: { description: 'FHIR R4 API behind Wardgate', url: `${baseUrl}/fhir` },
      patchFormat: undefined,
      ...commonPatches(upstream['patchFormat']),
      rest: [
        {
          ...serverPart(own),
          compartment: undefined,
          ...commonCompartments(
            serverPart(upstream)['compartment'],
            serverPart(own)['compartment'],
          ),
          resource: mergedResources(upstream, this.reach),
          interaction: commonInteractions(serverPart(upstream)['interaction'], SYSTEM),
          ...passedOperations(undefined, serverPart(upstream), this.reach),
        },
      ],
    };
  }

  private hasOperation(type: string | undefined, name: string): boolean {
    const isNamed = this.settings.operations.includes(name);
    if (type === undefined) return name === 'export' && isNamed;
    if (name === 'everything') return EVERYTHING_TYPES.has(type);
    if (name === 'export') return EXPORT_TYPES.has(type) && isNamed;
    return name === 'validate' || isNamed;
  }

  private parametersOf(type: string): ReadonlySet<string> | undefined {
    if (!this.definitions.types.includes(type)) return undefined;
    return new Set([...COLUMN_PARAMETERS, ...this.definitions.parameters(type).keys()]);
  }
}

/** When the upstream says that it became so; a statement does not change by being merged. */
function dateOf({ date }: JsonObject): Date {
  const time = typeof date === 'string' ? Date.parse(date) : Number.NaN;
  return Number.isNaN(time) ? new Date() : new Date(time);
}
