import { DEFAULT_BODY_LIMITS } from '../../interactions/formats/body-limits.js';
import { parseJson } from '../../interactions/formats/parse-json.js';
import { resourceText } from './instance-requests.js';

const sent = (text: string, id?: string): string =>
  resourceText(parseJson(text, DEFAULT_BODY_LIMITS), 'Observation', id);

describe('resourceText', () => {
  it.each([
    ['both late', '{"value":1.50,"id":"a","resourceType":"Observation"}'],
    ['the id first', '{"id":"a","resourceType":"Observation","value":1.50}'],
    ['the id late', '{"resourceType":"Observation","value":1.50,"id":"a"}'],
  ])('names the type and the id first, and keeps numbers: %s', (_name, text) => {
    const named = '{"resourceType":"Observation","id":"a","value":1.50}';

    expect(sent(text, 'a')).toBe(named);
    expect(sent(text)).toBe(named);
  });

  it('has the id of the URL where it brings none', () => {
    expect(sent('{"value":1.50,"resourceType":"Observation"}', 'a')).toBe(
      '{"resourceType":"Observation","id":"a","value":1.50}',
    );
  });

  it.each(['{ "resourceType":"Observation","id":"a","x":1e2}', '{ "resourceType":"Observation"}'])(
    'is as it was written where that is so: %s',
    (text) => {
      expect(sent(text)).toBe(text);
    },
  );
});
