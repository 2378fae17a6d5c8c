import type { ResourceInteractions, Written } from '../resource-interactions.js';
import type { RouteFamily } from '../resource-rules.js';
import { parseCount, single, type QueryParams } from '../search/parse-search.js';
import { BadRequest, type Issue } from '../../errors/fhir-error.js';
import { operationOutcome } from '../../errors/operation-outcome.js';
import type { Search } from '../search/search-query.js';
import type { LiveVersion, StoredVersion } from '../storage/stored-version.js';
import { returnPreference, type Answer } from './answer.js';
import { bundleText } from './bundle-text.js';
import { historyEntry } from './history-entry.js';
import { etag, isNotModified, type ReadPreconditions } from './preconditions.js';
import { searchAnswer } from './search-answer.js';

/** Where the routes of one resource type are reached. */
export interface RouteBase {
  /** Base of the family without a trailing slash, e.g. `http://localhost:8080/fhir`. */
  readonly url: string;
  readonly family: RouteFamily;
}

/** Renders what an interaction yields as status, headers and JSON text (spec §1, CRUD). */
export class InteractionAnswers {
  constructor(
    private readonly interactions: ResourceInteractions,
    private readonly base: RouteBase,
  ) {}

  async read(version: LiveVersion, preconditions: ReadPreconditions = {}): Promise<Answer> {
    const headers = versionHeaders(version);
    if (isNotModified(preconditions, version)) return { status: 304, headers };
    const [text] = await this.interactions.present([version], this.base.family);
    return { status: 200, headers, ...(text === undefined ? {} : { text }) };
  }

  vread(version: LiveVersion): Answer {
    const text = this.interactions.presentHistorical(version.text, this.base.family);
    return { status: 200, headers: versionHeaders(version), text };
  }

  written(written: Written, prefer: string | undefined): Answer {
    const { version, isCreated, warnings } = written;
    const status = isCreated ? 201 : 200;
    const headers = {
      ...versionHeaders(version),
      ...(isCreated ? { location: `${this.urlOf(version.id)}/_history/${version.versionId}` } : {}),
      ...(warnings.length === 0 ? {} : { warning: warnings.map(warningHeader) }),
    };
    switch (returnPreference(prefer)) {
      case 'minimal':
        return { status, headers };
      case 'OperationOutcome':
        return { status, headers, text: outcomeOf(written) };
      case 'representation':
        return { status, headers, text: written.text };
    }
  }

  /** 200 with the last version, or what `Prefer` asks for; 204 when there was nothing to delete. */
  async removed(version: LiveVersion | undefined, prefer: string | undefined): Promise<Answer> {
    if (!version) return { status: 204, headers: {} };
    switch (returnPreference(prefer)) {
      case 'minimal':
        return { status: 200, headers: {} };
      case 'OperationOutcome':
        return { status: 200, headers: {}, text: outcomeText('deleted', []) };
      case 'representation': {
        const text = this.interactions.presentHistorical(version.text, this.base.family);
        return { status: 200, headers: {}, text };
      }
    }
  }

  async search(params: QueryParams, search: Search): Promise<Answer> {
    const page = await search.run();
    const texts = await this.interactions.present(page.matches, this.base.family);
    const address = { base: this.base.url, path: `/${this.interactions.type}` };
    return searchAnswer(page, texts, params, address);
  }

  async history(id: string | undefined, params: QueryParams): Promise<Answer> {
    const { count, page } = historyPage(params);
    const offset = (page - 1) * count;
    const of = id === undefined ? {} : { id };
    const { versions, total } = await this.interactions.history({ ...of, count, offset });
    const path = id === undefined ? '/_history' : `/${id}/_history`;
    const url = (at: number) => `${this.typeUrl()}${path}?_count=${count}&_page=${at}`;
    const links = [{ relation: 'self', url: url(page) }];
    if (offset + versions.length < total) links.push({ relation: 'next', url: url(page + 1) });
    const entries = versions.map((version) =>
      historyEntry(version, this.urlOf(version.id), (text) =>
        this.interactions.presentHistorical(text, this.base.family),
      ),
    );
    return {
      status: 200,
      headers: {},
      text: bundleText({ type: 'history', total, links, entries }),
    };
  }

  private typeUrl(): string {
    return `${this.base.url}/${this.interactions.type}`;
  }

  private urlOf(id: string): string {
    return `${this.typeUrl()}/${id}`;
  }
}

const DEFAULT_HISTORY_COUNT = 100;

function historyPage(params: QueryParams): { count: number; page: number } {
  let count = DEFAULT_HISTORY_COUNT;
  let page = 1;
  for (const [name, given] of Object.entries(params)) {
    if (name === '_format' || name === '_pretty') continue;
    const value = single(name, given);
    if (name === '_count') count = Math.max(1, parseCount(value));
    else if (name === '_page' && /^[1-9]\d{0,5}$/.test(value)) page = Number(value);
    else
      throw new BadRequest(
        `History takes _count and _page, not ${name.slice(0, 100)}`,
        'not-supported',
      );
  }
  return { count, page };
}

function versionHeaders(version: StoredVersion): Record<string, string> {
  return { etag: etag(version), 'last-modified': version.lastUpdated.toUTCString() };
}

/** RFC 7234 §5.5: code 199 is a miscellaneous warning; the text must be a quoted ASCII string. */
export function warningHeader(text: string): string {
  const quoted = text.replace(/[^\x20-\x7e]/g, '?').replace(/["\\]/g, "'");
  return `199 wardgate "${quoted}"`;
}

function outcomeOf({ isCreated, warnings, issues }: Written): string {
  const said = warnings.map((diagnostics): Issue => ({
    severity: 'warning',
    code: 'informational',
    diagnostics,
  }));
  return outcomeText(isCreated ? 'created' : 'updated', [...said, ...issues]);
}

function outcomeText(done: string, further: readonly Issue[]): string {
  const first: Issue = {
    severity: 'information',
    code: 'informational',
    diagnostics: `The resource was ${done}`,
  };
  return JSON.stringify(operationOutcome([first, ...further]));
}
