import { ExternalSecrets } from '../secrets/external-secrets.js';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import type { EntityManager } from 'typeorm';
import { FhirError } from '../../errors/fhir-error.js';
import { bodyOf, type Json } from '../../interactions/formats/json.js';
import type { WriteContext } from '../../interactions/resource-rules.js';
import { accessPolicyDefinition } from '../access-policy/access-policy.definition.js';
import { CLIENT } from '../client/client.definition.js';
import { EndpointRules } from '../endpoint-rules.js';
import { identityProviderDefinition } from '../identity-provider/identity-provider.definition.js';
import { ROLE } from '../role/role.definition.js';
import { tokenIntrospectorDefinition } from '../token-introspector/token-introspector.definition.js';
import { userDefinition } from '../user/user.definition.js';
import type { SystemResourceDefinition } from './system-resource-definition.js';
import { SystemResourceRules } from './system-resource-rules.js';

type Mutable = Record<string | number, unknown>;

class AllEndpoints extends EndpointRules {
  refusedUrl(): undefined {
    return undefined;
  }
}

const DEFINITIONS: readonly SystemResourceDefinition[] = [
  accessPolicyDefinition({
    requests: {
      operations: () => new Set(),
      complete: (request) => ({ request, isAdministration: false }),
    },
    roles: { isKnown: async () => false },
  }),
  CLIENT,
  identityProviderDefinition(new AllEndpoints()),
  ROLE,
  tokenIntrospectorDefinition(new AllEndpoints()),
  userDefinition({ passwordMinLength: 8 }),
];
const VECTORS = new URL('../../../test/vectors/resources/full-resources.json', import.meta.url);
const FULL = JSON.parse(readFileSync(VECTORS, 'utf8')) as { type: string; resource: Json }[];

const CONTEXT: WriteContext = {
  // An empty database; none of the rules but their own queries are replaced.
  transaction: { manager: { query: async () => [] } as unknown as EntityManager, changes: [] },
  writer: { isAdministrator: true },
  id: 'fuzzed',
  previous: undefined,
  previousSecrets: {},
};

const names = fc.constantFrom('constructor', 'toString', 'extension', '_secret', 'reference', 'id');
const strange: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(null, '', 0, -1, 1e300, true, [], {}, [[]], [null], [{}], { '': {} }),
  fc.dictionary(names, fc.constantFrom('x', null, 1, [], {}, [{}]), { maxKeys: 3 }),
  fc.jsonValue({ maxDepth: 3 }),
);

/** Walks down by the numbers and puts the value there, in place of what is there or beside it. */
function spoil(resource: Json, steps: readonly number[], key: string, value: unknown): Json {
  const copy = structuredClone(resource) as Mutable;
  let holder = copy;
  for (const step of steps) {
    const members = Object.values(holder).filter((m) => typeof m === 'object' && m !== null);
    const next = members[step % Math.max(1, members.length)];
    if (next === undefined) break;
    holder = next as Mutable;
  }
  const places = [...Object.keys(holder), ...(Array.isArray(holder) ? ['0'] : [key])];
  holder[places[(steps[0] ?? 0) % places.length] ?? '0'] = value;
  return copy as unknown as Json;
}

const RULE_CONTEXT = {
  externalSecrets: new ExternalSecrets({ secrets: [] }),
  profiles: { issues: () => Promise.resolve([]) },
};

async function statusOf(definition: SystemResourceDefinition, resource: Json): Promise<number> {
  try {
    const { text } = await new SystemResourceRules(definition, false, RULE_CONTEXT).accept(
      bodyOf(resource),
      CONTEXT,
    );
    JSON.parse(text);
    return 200;
  } catch (error) {
    if (error instanceof FhirError) return error.status;
    throw error;
  }
}

describe.each(DEFINITIONS.map((definition) => ({ type: definition.type, definition })))(
  'the rules of $type',
  ({ type, definition }) => {
    const full = FULL.filter((vector) => vector.type === type).map(({ resource }) => resource);

    it('accept its full examples', async () => {
      expect(await Promise.all(full.map((resource) => statusOf(definition, resource)))).toEqual(
        full.map(() => 200),
      );
    });

    it('answer whatever stands anywhere with acceptance, 400 or 422', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(...full),
          fc.array(fc.nat(30), { minLength: 1, maxLength: 4 }),
          fc.oneof(names, fc.string({ maxLength: 5 })),
          strange,
          async (resource, steps, key, value) => {
            const status = await statusOf(definition, spoil(resource, steps, key, value));

            expect([200, 400, 422]).toContain(status);
          },
        ),
        { numRuns: 60 },
      );
    });

    it('refuse an unknown element, an array and null in place of every element', async () => {
      for (const resource of full) {
        const elements = Object.keys(resource as object);
        expect(await statusOf(definition, { ...(resource as object), nonsense: 1 })).toBe(422);
        for (const element of elements) {
          const nothing = { ...(resource as object), [element]: null } as Json;
          const nested = { ...(resource as object), [element]: [[{}]] } as Json;
          expect({ element, status: await statusOf(definition, nothing) }).toEqual({
            element,
            status: 422,
          });
          expect({ element, status: await statusOf(definition, nested) }).toEqual({
            element,
            status: 422,
          });
        }
      }
    });
  },
);
