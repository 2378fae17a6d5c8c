import { setTimeout as delay } from 'node:timers/promises';
import { member } from './resource-entry.js';

/** What the server said to a Bundle. */
export interface Answer {
  readonly status: number;
  /** The body as it reads; `undefined` where it is no JSON. */
  readonly body: unknown;
}

/** The server cannot be asked, or said nothing that tells what became of the Bundle. */
export class NoAnswer extends Error {
  /** @param isUncertain whether the Bundle may have been carried out nevertheless */
  constructor(
    message: string,
    readonly isUncertain: boolean,
  ) {
    super(message);
    this.name = 'NoAnswer';
  }
}

/** Where Bundles are sent, and as whom. */
export interface ServerOptions {
  /** Base URL of the FHIR API. */
  readonly baseUrl: string;
  /** Value of the `Authorization` header. */
  readonly authorization: string | undefined;
  /** Milliseconds that one Bundle may take. */
  readonly timeoutMs: number;
  /** How often one that may be repeated is tried. */
  readonly attempts: number;
}

const OVERLOADED: ReadonlySet<number> = new Set([429, 502, 503, 504]);
const FIRST_PAUSE_MS = 500;
const MAX_PAUSE_MS = 60_000;
/** Nothing was sent on a connection that did not come about. */
const NOT_CONNECTED: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** Sends Bundles to a FHIR server. */
export class FhirServer {
  constructor(private readonly options: ServerOptions) {}

  /**
   * Sends a Bundle; while the server is overloaded or away, again after a pause, as long as that cannot
   * do anything twice.
   *
   * @throws NoAnswer when it stays so.
   */
  async send(bundle: string, isRepeatable: boolean): Promise<Answer> {
    for (let attempt = 1; ; attempt += 1) {
      const isLast = attempt >= this.options.attempts;
      const result = await this.attempt(bundle).catch((error: unknown) => asNoAnswer(error));
      const mayRepeat =
        isRepeatable || (result instanceof NoAnswer ? !result.isUncertain : result.status === 429);
      if (!(result instanceof NoAnswer) && !OVERLOADED.has(result.status)) return result;
      if (isLast || !mayRepeat) return settled(result, isRepeatable);
      const asked = result instanceof NoAnswer ? undefined : result.retryAfterMs;
      await delay(Math.min(asked ?? FIRST_PAUSE_MS * 2 ** (attempt - 1), MAX_PAUSE_MS));
    }
  }

  private async attempt(
    bundle: string,
  ): Promise<Answer & { readonly retryAfterMs: number | undefined }> {
    const { baseUrl, authorization, timeoutMs } = this.options;
    const response = await fetch(baseUrl, {
      method: 'POST',
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
      headers: {
        'content-type': 'application/fhir+json',
        accept: 'application/fhir+json',
        prefer: 'return=minimal',
        ...(authorization === undefined ? {} : { authorization }),
      },
      body: bundle,
    });
    const text = await response.text();
    const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
    return {
      status: response.status,
      body: parsed(text),
      retryAfterMs: Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined,
    };
  }
}

/** A gateway that gives up does not say what the server behind it has done. */
function settled(result: Answer | NoAnswer, isRepeatable: boolean): Answer {
  if (result instanceof NoAnswer) throw result;
  if (isRepeatable || result.status === 429) return result;
  throw new NoAnswer(`the server answered ${result.status}`, true);
}

function asNoAnswer(error: unknown): NoAnswer {
  const { message, cause } = error instanceof Error ? error : new Error(String(error));
  const code = member(cause, 'code');
  const reason = typeof code === 'string' ? code : cause instanceof Error ? cause.message : message;
  return new NoAnswer(`no answer (${reason})`, !NOT_CONNECTED.has(code));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
