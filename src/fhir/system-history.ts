import { Injectable } from '@nestjs/common';
import { BadRequest } from '../errors/fhir-error.js';
import type { Answer } from '../interactions/http/answer.js';
import { bundleText } from '../interactions/http/bundle-text.js';
import { historyEntry } from '../interactions/http/history-entry.js';
import type { InteractionRequest } from '../interactions/http/interaction-request.js';
import { WideReads } from '../interactions/load/wide-reads.js';
import { parseCount, single, type QueryParams } from '../interactions/search/parse-search.js';
import { parsePeriod } from '../interactions/search/period.js';
import { systemHistoryPage, type HistoryCursor } from '../interactions/storage/system-history.js';
import { FhirSettings } from './fhir-settings.js';
import { RESOURCE_TYPES } from './resource-types.js';

const DEFAULT_COUNT = 100;
const CURSOR = /^(\d{1,16}):([A-Za-z]{1,64}):([A-Za-z0-9\-.]{1,64}):(\d{1,15})$/;

interface Asked {
  readonly count: number;
  readonly since: Date | undefined;
  readonly after: HistoryCursor | undefined;
}

/** The history of all clinical types together; never of system resources (spec §9). */
@Injectable()
export class SystemHistory {
  constructor(
    private readonly reads: WideReads,
    private readonly settings: FhirSettings,
  ) {}

  /** @throws BadRequest 400 for parameters besides `_count`, `_since` and the cursor, and when it is too large */
  async answer({ query }: InteractionRequest): Promise<Answer> {
    const asked = parse(query);
    const types = [...RESOURCE_TYPES.keys()];
    const { versions, next } = await systemHistoryPage(this.reads, { ...asked, types });
    const base = `${this.settings.baseUrl}/fhir`;
    const links = [{ relation: 'self', url: pageUrl(base, query) }];
    if (next) links.push({ relation: 'next', url: pageUrl(base, query, next) });
    const entries = versions.map((version) =>
      historyEntry(version, `${base}/${version.type}/${version.id}`, (text) => text),
    );
    const text = bundleText({ type: 'history', total: undefined, links, entries });
    return { status: 200, headers: {}, text };
  }
}

function parse(query: QueryParams): Asked {
  const one = (name: string): string | undefined => {
    const given = Object.hasOwn(query, name) ? query[name] : undefined;
    return given === undefined ? undefined : single(name, given);
  };
  const unknown = Object.keys(query).find((name) => !KNOWN.has(name));
  if (unknown !== undefined) {
    const diagnostics = `This history takes _count and _since, not ${unknown.slice(0, 100)}`;
    throw new BadRequest(diagnostics, 'not-supported');
  }
  const count = one('_count');
  const since = one('_since');
  const after = one('_after');
  return {
    count: count === undefined ? DEFAULT_COUNT : Math.max(1, parseCount(count)),
    since: since === undefined ? undefined : parsePeriod(since).from,
    after: after === undefined ? undefined : readCursor(after),
  };
}

const KNOWN: ReadonlySet<string> = new Set(['_count', '_since', '_after', '_format', '_pretty']);

function readCursor(text: string): HistoryCursor {
  const [, moment, type, id, versionId] = CURSOR.exec(text) ?? [];
  if (moment === undefined || type === undefined || id === undefined) {
    throw new BadRequest('_after is not one of this history’s own paging links', 'value', '_after');
  }
  return { moment, type, id, versionId: Number(versionId) };
}

function pageUrl(base: string, query: QueryParams, next?: HistoryCursor): string {
  const kept = Object.entries(query).filter(([name]) => !next || name !== '_after');
  const params = new URLSearchParams(
    Object.fromEntries(kept.map(([name, value]) => [name, String(value)])),
  );
  if (next) params.set('_after', [next.moment, next.type, next.id, next.versionId].join(':'));
  const text = params.toString();
  return text === '' ? `${base}/_history` : `${base}/_history?${text}`;
}
