import { readFileSync } from 'node:fs';
import { NotAcceptable } from './format-errors.js';
import { negotiate } from './media-type.js';

interface NegotiationVector {
  readonly name: string;
  readonly accept?: string;
  readonly format?: string;
  readonly mediaType: string | null;
}

const file = new URL('../../../test/vectors/formats/negotiation.json', import.meta.url);
const vectors = JSON.parse(readFileSync(file, 'utf8')) as NegotiationVector[];

describe('negotiate', () => {
  it.each(vectors)('$name', ({ accept, format, mediaType }) => {
    if (mediaType === null) expect(() => negotiate({ accept, format })).toThrow(NotAcceptable);
    else expect(negotiate({ accept, format })).toBe(mediaType);
  });
});
