import { readFileSync } from 'node:fs';
import type { JsonObject } from '../policy/json.js';
import type { UserResolution } from '../resources/token-introspector/token-introspector.js';
import type { DirectoryUser } from '../resources/user/directory-user.js';
import { findUser } from './find-user.js';
import type { Users } from './rules/lookup.js';
import { UserRefused } from './user-refused.js';

interface StoredUser {
  readonly id: string;
  readonly identifiers?: readonly string[];
  readonly inactive?: boolean;
  readonly password?: boolean;
  readonly firstStart?: boolean;
  readonly allowLinked?: boolean;
}

interface Case {
  readonly name: string;
  readonly claims: JsonObject;
  readonly system?: string;
  readonly resolution?: readonly UserResolution[];
  readonly trusted?: readonly string[];
  readonly users: readonly StoredUser[];
  readonly expect: unknown;
}

const cases = JSON.parse(
  readFileSync('test/vectors/user-resolution/cases.json', 'utf8'),
) as readonly Case[];

describe('findUser', () => {
  it.each(cases)('$name', async (vector) => {
    await expect(resolve(vector)).resolves.toEqual(vector.expect);
  });
});

async function resolve({ claims, system, resolution, trusted, users }: Case): Promise<unknown> {
  const introspector = {
    id: 'i',
    revision: 'i/1',
    identityProviderId: undefined,
    userResolution: resolution ?? (['box_user', 'identifier', 'sub'] as const),
    trustedUserIds: trusted ?? [],
  };
  const policies = {
    isAllowLinkedUser: (id: string) =>
      users.some((user) => user.id === id && user.allowLinked === true),
  };
  try {
    const lookup = await findUser({ claims, system }, introspector, storeOf(users), policies);
    return lookup.outcome === 'found' ? { user: lookup.user.id } : lookup.outcome;
  } catch (error) {
    if (error instanceof UserRefused) return { refused: error.rule };
    throw error;
  }
}

function storeOf(users: readonly StoredUser[]): Users {
  const all = users.map(directoryUser);
  return {
    byId: async (id) => all.find((user) => user.id === id),
    byIdentifier: async (system, value) =>
      all.find(({ identifiers }) =>
        identifiers.some((entry) => entry.system === system && entry.value === value),
      ),
  };
}

function directoryUser(user: StoredUser): DirectoryUser {
  return {
    id: user.id,
    user: { id: user.id },
    roles: [],
    inactive: user.inactive ?? false,
    hasPassword: user.password ?? false,
    versionId: '1',
    isFirstStart: user.firstStart ?? false,
    identifiers: (user.identifiers ?? []).map((text) => {
      const [system = '', value = ''] = text.split('|');
      return { system, value };
    }),
  };
}
