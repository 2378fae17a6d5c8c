import { randomBytes } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { BadRequest } from '../../errors/fhir-error.js';
import type { QueryParams } from '../../interactions/search/parse-search.js';
import type { StorageSettings } from '../../interactions/storage/storage-settings.js';
import type { GatewaySettings } from '../gateway-settings.js';
import type { Passage } from '../passing/passage.js';
import { ResourceLinks } from '../rewriting/resource-links.js';
import { PageKey } from './page-key.js';
import { Pages, withoutPage } from './pages.js';
import { SealedLinks } from './sealed-links.js';

const HERE = 'https://here.example/fhir';
const BEHIND = 'http://10.0.0.7/fhir';
const NEXT = `${BEHIND}?_getpages=a&_getpagesoffset=20`;
const settings = {
  ...{ baseUrl: 'https://here.example', upstreamUrl: BEHIND, otherUpstreamUrls: [] },
} as Partial<GatewaySettings> as GatewaySettings;

/** What the database keeps, and nothing else of it. */
const stored = { manager: { query: () => Promise.resolve([{ key: randomBytes(32) }]) } };
const key = new PageKey(stored as unknown as DataSource, {} as StorageSettings);
const pages = new Pages(new SealedLinks(key, settings), new ResourceLinks(settings), settings);

const passageOf = (query: QueryParams) =>
  ({ request: { query }, origin: { caller: { kind: 'client' } } }) as unknown as Passage;
const linksOf = (query: QueryParams) => pages.links({ path: '/Patient', query }, passageOf(query));
/** A criterion that has so many characters in a link. */
const criterion = (length: number): QueryParams => ({ name: 'x'.repeat(length - 'name='.length) });
const queryIn = (link: string): QueryParams => Object.fromEntries(new URL(link).searchParams);

beforeAll(() => key.onModuleInit());

describe('a link to a page', () => {
  it('repeats the request, and is opened with it', () => {
    const query = criterion(7000);
    const link = linksOf(query).page(NEXT);
    const asked = passageOf(queryIn(link));

    expect(link.startsWith(`${HERE}/Patient?name=x`)).toBe(true);
    expect(withoutPage(asked.request)).toEqual(query);
    expect(pages.asked({ path: '/Patient', query }, asked)?.url.href).toBe(NEXT);
  });

  it('is the address of the request where the upstream names that of the form', () => {
    const query = criterion(9000);

    expect(linksOf(query).page(`${BEHIND}/Patient/_search`)).toBe(
      `${HERE}/Patient?name=${String(query['name'])}`,
    );
  });

  it.each<[string, QueryParams, string]>([
    ['as the upstream has spelled it', criterion(5000), `/Patient?name=${'y'.repeat(4990)}`],
    ['of a request that hardly fits', criterion(8100), '?_getpages=a'],
  ])('that would be too long %s says so when it is asked for', (_, query, below) => {
    const link = linksOf(query).page(`${BEHIND}${below}`);

    expect(queryIn(link)).toEqual({ ...query, _page: 'too-long' });
    expect(() => withoutPage(passageOf(queryIn(link)).request)).toThrow(BadRequest);
  });

  it('has nothing of a request that is too long by itself', () => {
    const link = linksOf(criterion(9000)).page(NEXT);

    expect(link).toBe(`${HERE}/Patient?_page=too-long`);
    expect(() => withoutPage(passageOf(queryIn(link)).request)).toThrow('too long for links');
  });

  it('reads the request once for all links of an answer', () => {
    let reads = 0;
    const query = {
      get name() {
        reads += 1;
        return 'x';
      },
    };
    const links = linksOf(query);
    links.page(`${NEXT}1`);
    const once = reads;
    links.page(`${NEXT}2`);

    expect(once).toBeGreaterThan(0);
    expect(reads).toBe(once);
  });
});
