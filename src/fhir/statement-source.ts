import { createHash } from 'node:crypto';
import { renderYaml } from '../interactions/formats/render-body.js';
import type { Answer } from '../interactions/http/answer.js';

/** Where the CapabilityStatement comes from that `GET /fhir/metadata` answers. */
export abstract class StatementSource {
  /** @throws FhirError 502, 503 or 504 where it hangs on another server that says nothing */
  abstract current(): Promise<RenderedStatement>;
}

/** A CapabilityStatement as text, with what does not change while it stays the same. */
export class RenderedStatement {
  private readonly etag: string;
  private yaml: string | undefined;

  /** @param text JSON */
  constructor(private readonly text: string) {
    const digest = createHash('sha256').update(text).digest('base64url');
    // Weak, because the same statement is also answered as YAML.
    this.etag = `W/"${digest.slice(0, 22)}"`;
  }

  /** @param ifNoneMatch the header: what the client has */
  answer(ifNoneMatch: string | undefined): Answer {
    const headers = { etag: this.etag };
    if (this.isHeld(ifNoneMatch)) return { status: 304, headers };
    return { status: 200, headers, text: this.text, yaml: () => this.asYaml() };
  }

  /** Made once: it takes long, and anybody may ask. */
  private asYaml(): string {
    this.yaml ??= renderYaml(this.text);
    return this.yaml;
  }

  private isHeld(ifNoneMatch: string | undefined): boolean {
    const tags = (ifNoneMatch ?? '').split(',').map((tag) => tag.trim());
    return tags.includes(this.etag) || tags.includes('*');
  }
}
