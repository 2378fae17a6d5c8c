import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Bundles that the fixed upstream answers, by the number of their entries. */
export const BUNDLE_SIZES = [20, 2000] as const;

const FHIR_JSON = 'application/fhir+json;charset=utf-8';

const observation = (base: string, n: number): object => ({
  fullUrl: `${base}/Observation/b${n}`,
  resource: {
    resourceType: 'Observation',
    id: `b${n}`,
    meta: { versionId: '1', lastUpdated: '2024-01-01T00:00:00Z' },
    status: 'final',
    code: { coding: [{ system: 'http://loinc.org', code: '8867-4', display: 'Heart rate' }] },
    subject: { reference: 'Patient/bench' },
    effectiveDateTime: '2024-01-01T00:00:00Z',
    valueQuantity: { value: 60.0 + (n % 40), unit: 'beats/minute', code: '/min' },
    note: [{ text: 'x'.repeat(400) }],
  },
  search: { mode: 'match' },
});

function bundle(base: string, size: number): Buffer {
  return Buffer.from(
    JSON.stringify({
      resourceType: 'Bundle',
      type: 'searchset',
      total: size * 2,
      link: [
        { relation: 'self', url: `${base}/Observation?_count=${size}` },
        { relation: 'next', url: `${base}?_getpages=0123-4567&_getpagesoffset=${size}` },
      ],
      entry: Array.from({ length: size }, (_, n) => observation(base, n)),
    }),
  );
}

/**
 * A FHIR server that answers from memory whatever it is asked, so that what stands before it is measured:
 * what was written last under a path, or a Bundle of as many entries as `_count` says.
 */
export async function serveFixedUpstream(port: number): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/fhir`;
  const bundles = new Map(BUNDLE_SIZES.map((size) => [String(size), bundle(base, size)]));
  const resources = new Map<string, Buffer>();
  server.on('request', (request, response: ServerResponse) => {
    const { pathname, searchParams } = new URL(request.url ?? '', base);
    if (request.method === 'PUT') {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        resources.set(pathname, Buffer.concat(chunks));
        answer(response, resources.get(pathname));
      });
      return;
    }
    answer(response, bundles.get(searchParams.get('_count') ?? '') ?? resources.get(pathname));
  });
}

function answer(response: ServerResponse, body: Buffer | undefined): void {
  response.writeHead(body ? 200 : 404, {
    'content-type': FHIR_JSON,
    'content-length': body?.length ?? 0,
    etag: 'W/"1"',
  });
  response.end(body);
}
