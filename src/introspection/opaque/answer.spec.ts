import {
  parseTokenIntrospector,
  type EndpointIntrospector,
} from '../../resources/token-introspector/token-introspector.js';
import { answerRefusal } from './answer.js';

const introspector = parseTokenIntrospector({ id: 'o', type: 'opaque' }) as EndpointIntrospector;
const BOUND = { cnf: { jkt: 'A'.repeat(43) } };

describe('answerRefusal', () => {
  it.each([
    ['refresh-token', { typ: 'Refresh' }],
    ['refresh-token', { typ: 'Offline' }],
    ['refresh-token', { token_use: 'refresh' }],
    ['refresh-token', { token_type: 'refresh_token' }],
    ['id-token', { typ: 'ID' }],
    ['id-token', { token_use: 'id' }],
    ['id-token', { token_type: 'id_token' }],
    ['logout-token', { typ: 'Logout' }],
    ['wrong-type', { token_type: 'DPoP' }],
    ['wrong-type', { token_type: 'pop' }],
    ['wrong-type', { token_type: 'MAC' }],
  ])('is %s for %j', (code, members) => {
    expect(answerRefusal({ active: true, ...members }, introspector, 0)).toBe(code);
  });

  it.each([
    {},
    { typ: 'Bearer', token_use: 'access', token_type: 'Bearer' },
    { token_type: 'access_token' },
    { token_type: 'DPoP', ...BOUND },
  ])('takes %j for an access token', (members) => {
    expect(answerRefusal({ active: true, ...members }, introspector, 0)).toBeUndefined();
  });
});
