import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { childrenOf } from '../support/database-holder.js';
import { makeHome } from '../support/database-home.js';
import { startWardgate, type WardgateProcess } from '../support/wardgate-process.js';

jest.setTimeout(120_000);

/** A write that was answered: what a client may rely on from then on. */
interface Acknowledged {
  readonly path: string;
  readonly version: number;
  readonly word: string;
}

const WRITERS = 8;
const PATHS = ['/fhir/Role/r0', '/fhir/Role/r1', '/fhir/Basic/b0', '/fhir/Basic/b1'];

let home: string;
let wardgate: WardgateProcess;
const acknowledged: Acknowledged[] = [];

beforeAll(async () => {
  home = await makeHome();
});
afterAll(async () => {
  wardgate.signal('SIGKILL');
  await wardgate.ended;
  await rm(home, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 });
});

function resource(path: string, word: string): object {
  return path.includes('Role')
    ? { resourceType: 'Role', name: word, user: { reference: 'User/u1' } }
    : { resourceType: 'Basic', id: path.slice(-2), code: { text: word } };
}

/** Writes without pause until the server is gone. */
async function writeUntilDeath(writer: number): Promise<void> {
  for (let count = 0; ; count += 1) {
    const path = PATHS[(writer + count) % PATHS.length] ?? '';
    const word = `${writer}-${count}-${acknowledged.length}`;
    const answer = await wardgate.call('PUT', path, resource(path, word)).catch(() => undefined);
    if (!answer) return;
    await answer.arrayBuffer().catch(() => undefined);
    const version = Number(/^W\/"(\d+)"$/.exec(answer.headers.get('etag') ?? '')?.[1]);
    if (answer.ok) acknowledged.push({ path, version, word });
  }
}

async function killDuringWrites(alsoDatabase: boolean): Promise<void> {
  const before = acknowledged.length;
  const writers = Array.from({ length: WRITERS }, (_, writer) => writeUntilDeath(writer));
  while (acknowledged.length < before + 100) await delay(5);
  if (alsoDatabase) {
    for (const pid of await childrenOf(wardgate.pid)) process.kill(pid, 'SIGKILL');
  }
  wardgate.signal('SIGKILL');
  await Promise.all(writers);
  await wardgate.ended;
}

async function versionsOf(path: string): Promise<readonly number[]> {
  const answer = await wardgate.call('GET', `${path}/_history?_count=1000`);
  const { entry } = (await answer.json()) as {
    readonly entry: readonly { readonly resource: { meta: { versionId: string } } }[];
  };
  return entry.map(({ resource: { meta } }) => Number(meta.versionId)).reverse();
}

describe('kill -9 during parallel writes', () => {
  it.each([
    [1, 'of Wardgate', false],
    [2, 'of Wardgate, again on what the first round left', false],
    [3, 'of Wardgate, its database and the guard', true],
  ])('round %i, %s: every acknowledged write is there', async (_round, _what, alsoDatabase) => {
    const env = { WARDGATE_DATA_DIR: join(home, 'data'), WARDGATE_LOG_LEVEL: 'fatal' };
    wardgate = await startWardgate(env);
    await killDuringWrites(alsoDatabase);

    wardgate = await startWardgate(env);

    for (const { path, version, word } of acknowledged.slice(-WRITERS * 20)) {
      const answer = await wardgate.call('GET', `${path}/_history/${version}`);
      expect({ path, version, text: await answer.text() }).toEqual({
        path,
        version,
        text: expect.stringContaining(`"${word}"`),
      });
    }
    for (const path of PATHS) {
      const versions = await versionsOf(path);
      const latest = versions.length;
      const current = await wardgate.call('GET', path);
      const known = acknowledged.filter((write) => write.path === path);

      expect(versions).toEqual(Array.from({ length: latest }, (_, index) => index + 1));
      expect(current.headers.get('etag')).toBe(`W/"${latest}"`);
      expect(latest).toBeGreaterThanOrEqual(Math.max(...known.map(({ version }) => version)));
      expect(new Set(known.map(({ version }) => version)).size).toBe(known.length);
    }
    wardgate.signal('SIGTERM');
    await wardgate.ended;
  });
});
