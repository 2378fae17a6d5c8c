import { Injectable } from '@nestjs/common';
import { SearchDefinitions } from '../interactions/search/definitions/search-definitions.js';
import { capabilityStatement } from './capability-statement.js';
import { FhirSettings } from './fhir-settings.js';
import { searchCapabilities } from './search-capabilities.js';
import { RenderedStatement, StatementSource } from './statement-source.js';
import { SystemTypes } from './system-types.js';

/** The CapabilityStatement, made once: what is served does not change while the server runs. */
@Injectable()
export class CapabilityService extends StatementSource {
  private readonly statement: RenderedStatement;

  constructor(definitions: SearchDefinitions, settings: FhirSettings, systemTypes: SystemTypes) {
    super();
    const statement = capabilityStatement({
      baseUrl: settings.baseUrl,
      version: settings.version,
      date: new Date(),
      types: [...searchCapabilities(definitions)].map(([type, search]) => ({ type, search })),
      systemTypes: systemTypes.names,
      compartments: definitions.compartments,
    });
    this.statement = new RenderedStatement(JSON.stringify(statement));
  }

  async current(): Promise<RenderedStatement> {
    return this.statement;
  }
}
