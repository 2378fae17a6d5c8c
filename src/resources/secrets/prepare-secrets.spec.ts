import { bodyOf, type Json } from '../../interactions/formats/json.js';
import { prepareSecrets } from './prepare-secrets.js';
import type { SecretField } from './secret-field.js';

const FIELDS: readonly SecretField[] = [
  { path: 'password', boundTo: [], prepare: async (value) => `hash of ${value}` },
  { path: 'other', boundTo: [] },
];
const prepared = async (value: Json): Promise<Json> =>
  (await prepareSecrets(bodyOf(value), FIELDS)).value;

describe('what is prepared of a body', () => {
  it('is the secret of a resource or merge patch, and nothing else', async () => {
    const body = { password: 'clear', other: 'o', data: { password: 'd' } };

    expect(await prepared(body)).toEqual({ ...body, password: 'hash of clear' });
  });

  it('is the one value that a JSON Patch gives the secret', async () => {
    const untouched = { op: 'add', path: '/data/password', value: 'd' };
    const patch = [untouched, { op: 'add', path: '/password', value: 'clear' }];

    expect(await prepared(patch)).toEqual([
      untouched,
      { op: 'add', path: '/password', value: 'hash of clear' },
    ]);
  });

  it('is nothing where a JSON Patch gives it many, which would cost as much each', async () => {
    const patch = ['one', 'two'].map((value) => ({ op: 'add', path: '/password', value }));

    expect(await prepared(patch)).toEqual(patch);
  });

  it.each([
    ['no secret', { other: 'o' }],
    ['one that is no text', { password: 7 }],
    ['one in masked form', { _password: { extension: [] } }],
    ['an inherited name', [{ op: 'add', path: '/toString', value: 'x' }]],
    ['no resource', 'password'],
    ['nothing', null],
  ])('is nothing of a body with %s', async (_what, value) => {
    const body = bodyOf(value);

    expect(await prepareSecrets(body, FIELDS)).toBe(body);
  });

  it('leaves the digits of numbers', async () => {
    const text = '{"password":"clear","data":{"n":12345678901234567890.10}}';

    const { text: after } = await prepareSecrets({ text, value: JSON.parse(text) as Json }, FIELDS);

    expect(after).toBe('{"password":"hash of clear","data":{"n":12345678901234567890.10}}');
  });
});
