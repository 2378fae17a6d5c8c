import type { Readable } from 'node:stream';

/** What an interaction answers, before it is rendered as JSON or YAML. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  /** JSON text; absent when there is no body. */
  readonly text?: string;
  /**
   * Instead of the text: JSON, or what a `content-encoding` among the headers says, that is handed on as it
   * comes, which excludes YAML. Whoever gets a stream reads or destroys it.
   */
  readonly content?: Uint8Array | Readable;
  /** Of the text or content, where the route answers several that are not negotiated about. */
  readonly mediaType?: string;
  /** The same as YAML, where that is kept; otherwise it is made for each answer that is short. */
  readonly yaml?: () => string;
}

/** `Prefer: return=…` (FHIR R4, RESTful API §3.1.0.5); anything else asks for the representation. */
export type ReturnPreference = 'minimal' | 'representation' | 'OperationOutcome';

/** Reads the `Prefer` header. */
export function returnPreference(prefer: string | undefined): ReturnPreference {
  const found = /(?:^|[,;\s])return\s*=\s*"?(minimal|OperationOutcome)"?(?:$|[,;\s])/i.exec(
    prefer ?? '',
  );
  if (!found) return 'representation';
  return found[1]?.toLowerCase() === 'minimal' ? 'minimal' : 'OperationOutcome';
}
