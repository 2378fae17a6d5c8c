import { Readable } from 'node:stream';
import type { Caller } from '../../identity/caller.js';
import type { GatewaySettings } from '../gateway-settings.js';
import { NOBODY } from '../upstream/nobody.js';
import { Upstream, type UpstreamMethod, type UpstreamRequest } from '../upstream/upstream.js';
import { BUNDLE } from '../rewriting/bundle-places.js';
import type { Passage } from './passage.js';
import { Passing } from './passing.js';

const LINKS = {
  location: (url: string) => url,
  resource: (url: string) => url,
  page: (url: string) => url,
};
const expected = { kind: 'resource', type: 'Patient', id: 'p1' } as const;

/** Answers whatever it is asked in the same way. */
class AnsweringUpstream extends Upstream {
  constructor(private readonly answer: { status: number; type: string; text: string }) {
    super();
  }

  async send() {
    const { status, type, text } = this.answer;
    return { status, headers: { 'content-type': type }, body: Readable.from([Buffer.from(text)]) };
  }

  async probe() {
    return 200;
  }
}

const settings = { bodyTimeoutMs: 60_000, selfLink: 'required' } as GatewaySettings;
const { signal } = new AbortController();

function ask(method: UpstreamMethod, answer: { status?: number; type?: string; text: string }) {
  const upstream = new AnsweringUpstream({ status: 200, type: 'application/fhir+json', ...answer });
  const passage = { method, isForYaml: false, signal, origin: NOBODY } as Passage;
  const request: UpstreamRequest = { method, path: ['Patient', 'p1'], query: [], headers: {} };
  return new Passing(upstream, settings).pass(request, passage, { links: LINKS, expected });
}

describe('an answer that cannot be handed on', () => {
  const OTHER = { text: '{"resourceType":"Patient","id":"p2"}' };
  const LOGIN = { type: 'text/html', text: '<p>' };
  const transient = { status: 502, issues: [{ code: 'transient' }] };

  it.each(['PUT', 'PATCH', 'DELETE', 'POST'] as const)(
    'to %s says that the change may have been made',
    async (method) => {
      const unconfirmed = {
        status: 502,
        issues: [
          {
            code: 'exception',
            diagnostics: expect.stringContaining('may have been made') as unknown,
          },
        ],
      };

      await expect(ask(method, OTHER)).rejects.toMatchObject(unconfirmed);
      await expect(ask(method, LOGIN)).rejects.toMatchObject(unconfirmed);
      await expect(ask(method, { ...OTHER, status: 500 })).rejects.toMatchObject(transient);
      await expect(
        ask(method, { text: '{"resourceType":"Patient","id":"p1"}' }),
      ).resolves.toHaveProperty('status', 200);
    },
  );

  it('to GET may be asked for again', async () => {
    await expect(ask('GET', OTHER)).rejects.toMatchObject(transient);
  });
});

describe('large answers that nobody reads', () => {
  const text = `{"resourceType":"Bundle","type":"searchset","entry":[{"resource":{"data":"${'x'.repeat(23_000_000)}","resourceType":"Binary"}}]}`;
  const passing = new Passing(
    new AnsweringUpstream({ status: 200, type: 'application/fhir+json', text }),
    settings,
  );
  const search = (id: string) => {
    const caller: Caller = { kind: 'client', roles: [], client: { id } };
    return passing.pass(
      { method: 'GET', path: ['Binary'], query: [], headers: {} },
      { method: 'GET', isForYaml: false, signal, origin: { ...NOBODY, caller } } as Passage,
      { links: LINKS, places: BUNDLE, expected: { kind: 'searchset', types: ['Binary'] } },
    );
  };

  it('take up the share of who asked for them', async () => {
    await search('a');
    await search('a');

    await expect(search('a')).rejects.toMatchObject({ status: 503 });
    await expect(search('b')).resolves.toMatchObject({ status: 200 });
  });
});
