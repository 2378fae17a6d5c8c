import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { BadRequest } from '../errors/fhir-error.js';
import { renderBody } from '../interactions/formats/render-body.js';
import type { Answer } from '../interactions/http/answer.js';
import { SearchDefinitions } from '../interactions/search/definitions/search-definitions.js';
import { capabilityStatement } from './capability-statement.js';
import { FhirSettings } from './fhir-settings.js';
import { searchCapabilities } from './search-capabilities.js';
import { SystemTypes } from './system-types.js';

/** The CapabilityStatement, made once: what is served does not change while the server runs. */
@Injectable()
export class CapabilityService {
  private readonly text: string;
  private readonly etag: string;
  private yaml: string | undefined;

  constructor(definitions: SearchDefinitions, settings: FhirSettings, systemTypes: SystemTypes) {
    this.text = JSON.stringify(
      capabilityStatement({
        baseUrl: settings.baseUrl,
        version: settings.version,
        date: new Date(),
        types: [...searchCapabilities(definitions)].map(([type, search]) => ({ type, search })),
        systemTypes: systemTypes.names,
        compartments: definitions.compartments,
      }),
    );
    const digest = createHash('sha256').update(this.text).digest('base64url');
    // Weak, because the same statement is also answered as YAML.
    this.etag = `W/"${digest.slice(0, 22)}"`;
  }

  /**
   * @param mode What of the server is asked for (FHIR R4, RESTful API §3.1.0.8); `full` when absent.
   * @throws BadRequest 400 for another mode, repeated ones included.
   */
  answer(mode: unknown, ifNoneMatch: string | undefined): Answer {
    if (mode !== undefined && mode !== 'full') {
      throw new BadRequest('mode takes full only', 'not-supported', 'mode');
    }
    const headers = { etag: this.etag };
    if (this.isHeld(ifNoneMatch)) return { status: 304, headers };
    return { status: 200, headers, text: this.text, yaml: () => this.asYaml() };
  }

  /** Made once: it takes long, and anybody may ask. */
  private asYaml(): string {
    this.yaml ??= renderBody(this.text, 'text/yaml');
    return this.yaml;
  }

  private isHeld(ifNoneMatch: string | undefined): boolean {
    const tags = (ifNoneMatch ?? '').split(',').map((tag) => tag.trim());
    return tags.includes(this.etag) || tags.includes('*');
  }
}
