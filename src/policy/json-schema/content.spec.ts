import { jest } from '@jest/globals';
import type { Json } from '../json.js';
import { parseSchema } from './parse-schema.js';
import { validate } from './validate.js';

const schema = parseSchema({ properties: { body: { contentEncoding: 'base64' } } });
const isValid = (body: Json): boolean => validate(schema, { body }) === undefined;

describe('contentEncoding', () => {
  it.each([
    ['', true],
    ['QUJD', true],
    ['QUI=', true],
    ['QQ==', true],
    ['+/+/', true],
    ['QUI', false],
    ['Q===', false],
    ['Q=Q=', false],
    ['QUJ-', false],
    ['QUJD\n', false],
  ])('says of %j whether it is base64: %s', (text, expected) => {
    expect(isValid(text)).toBe(expected);
  });

  it('decodes nothing to tell', () => {
    const decode = jest.spyOn(globalThis, 'atob');

    expect(isValid('QUJD'.repeat(1_000_000))).toBe(true);
    expect(decode).not.toHaveBeenCalled();
    decode.mockRestore();
  });
});
