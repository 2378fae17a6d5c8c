import { randomBytes } from 'node:crypto';

/** Base URL of the HAPI FHIR server that tests of the gateway put behind it; see `test/servers/hapi`. */
export const HAPI_URL = process.env['WARDGATE_TEST_HAPI_URL'] ?? '';

/** What HAPI itself answered, asked past the gateway. */
export interface HapiReply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** Asks HAPI directly, as nobody: it lets everybody do everything. */
export async function askHapi(method: string, path: string, body?: object): Promise<HapiReply> {
  const response = await fetch(`${HAPI_URL}${path}`, {
    method,
    headers: { accept: 'application/fhir+json', 'content-type': 'application/fhir+json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** A prefix of ids and a tag, which no other spec and no other run uses: all share one HAPI. */
export function ownMark(): string {
  // HAPI takes no ids of digits only.
  return `t${randomBytes(6).toString('hex')}`;
}
