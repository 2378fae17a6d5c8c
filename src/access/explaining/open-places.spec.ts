import type { JsonObject } from '../../policy/json.js';
import { parsePolicy } from '../../policy/parse-policy.js';
import { asksWhatIsOpen } from './open-places.js';

const matcho = (pattern: JsonObject) => ({ engine: 'matcho', matcho: pattern });
const complex = (...or: JsonObject[]) => ({ engine: 'complex', or });
const OPEN = { params: { 'resource/id': 'p1' } };
const SETTLED = { client: { id: 'c1' }, params: { 'resource/type': 'Patient' } };

describe('a policy', () => {
  it.each<[string, JsonObject]>([
    ['another place', matcho(OPEN)],
    ['another place besides', matcho({ ...SETTLED, uri: '#^/fhir' })],
    ['a settled place, compared with an open one', matcho({ client: { id: '.params.pid' } })],
    ['an open place, compared with a settled one', matcho({ params: { pid: '.client.id' } })],
    ['an open place in an alternative', matcho({ '$one-of': [SETTLED, OPEN] })],
    ['an open place by another rule', complex(matcho(SETTLED), matcho(OPEN))],
    ['what a schema says', { engine: 'json-schema', schema: { required: ['user'] } }],
    ['methods', { engine: 'allow-rpc', rpc: { read: true } }],
  ])('that looks at %s may hold for another request', (_what, source) => {
    expect(asksWhatIsOpen(parsePolicy(source))).toBe(true);
  });

  it.each<[string, JsonObject]>([
    ['nothing', { engine: 'allow' }],
    ['what the question says', matcho({ ...SETTLED, user: { id: '.client.id' } })],
    ['the same by several rules', complex(matcho(SETTLED), matcho({ user: { id: 'u1' } }))],
  ])('that looks at %s may not', (_what, source) => {
    const policy = parsePolicy(source);

    expect(asksWhatIsOpen(policy)).toBe(false);
    expect(asksWhatIsOpen(policy)).toBe(false);
  });
});
