import { setImmediate } from 'node:timers/promises';
import { heapAfterCollection } from '../../../test/bench/heap.js';
import type { Json, JsonObject } from '../json.js';
import { WorkLimit } from '../matcho/work-limit.js';
import { parseSchema } from './parse-schema.js';
import { validate } from './validate.js';

const NODE = { required: ['next'], properties: { next: { $ref: '#/definitions/node' } } };

async function isKept(value: WeakRef<JsonObject>): Promise<boolean> {
  await setImmediate();
  heapAfterCollection();
  return value.deref() !== undefined;
}

describe('a request', () => {
  it.each<[string, Json, string]>([
    ['that is not valid', { properties: { body: { type: 'number' } } }, 'fails'],
    ['that is not one of some values', { enum: [1] }, 'fails'],
    [
      'that is not valid by a reference',
      { properties: { body: { $ref: '#/definitions/node' } }, definitions: { node: NODE } },
      'fails',
    ],
    [
      'that is valid, though not by each branch',
      {
        properties: { body: { anyOf: [{ $ref: '#/definitions/node' }, { type: 'object' }] } },
        definitions: { node: NODE },
      },
      'holds',
    ],
    [
      'that takes too much work after it has failed',
      {
        properties: {
          body: {
            anyOf: [{ $ref: '#/definitions/node' }, { properties: { text: { format: 'uri' } } }],
          },
        },
        definitions: { node: NODE },
      },
      'error',
    ],
  ])('%s is not kept by the schema', async (_what, source, outcome) => {
    const schema = parseSchema(source);
    const evaluated = (): [string, WeakRef<JsonObject>] => {
      const leaf = {};
      const body = { next: { next: { next: leaf } }, text: 'x'.repeat(5_000) };
      try {
        const error = validate(schema, { body }, new WorkLimit());
        return [error ? 'fails' : 'holds', new WeakRef(leaf)];
      } catch {
        return ['error', new WeakRef(leaf)];
      }
    };

    const [came, leaf] = evaluated();

    expect(came).toBe(outcome);
    expect(await isKept(leaf)).toBe(false);
    expect(validate(schema, { body: 1 })?.path.length ?? 0).toBeLessThan(2);
  });
});
