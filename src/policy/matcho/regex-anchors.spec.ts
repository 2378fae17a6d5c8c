import { anchorsOf } from './regex-anchors.js';

describe('the ends that an expression is bound to', () => {
  it.each<[string, boolean, boolean]>([
    ['a', false, false],
    ['^a', true, false],
    ['a$', false, true],
    ['^a$', true, true],
    ['^$', true, true],
    ['(?:^a|^b)$', true, true],
    ['^a|b', false, false],
    ['^a|^b', true, false],
    ['(?:^a)+', true, false],
    ['(?:^a)*', false, false],
    ['(?:^a)?b', false, false],
    ['(?=^a)a', true, false],
    ['(?=a)a', false, false],
    ['(?!^a)a', false, false],
    ['(?<=^)a', true, false],
    ['\\ba\\b', false, false],
    ['a^b', true, false],
  ])('of %s: start %s, end %s', (source, start, end) => {
    expect(anchorsOf(source)).toEqual({ start, end });
  });
});
