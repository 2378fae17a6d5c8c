import { sentHeaders } from './sent-headers.js';

const ABOUT = { id: 'r1', via: '1.1 w' };

describe('the headers of a request', () => {
  it('are those that it was given, and what is Wardgate’s own wins', () => {
    const own = { authorization: 'Bearer own', accept: 'application/json' };

    expect(sentHeaders({ 'if-match': 'W/"1"', accept: '*/*' }, own, ABOUT)).toEqual({
      'if-match': 'W/"1"',
      'accept-encoding': 'identity',
      'x-request-id': 'r1',
      via: '1.1 w',
      ...own,
    });
  });

  it.each([
    ...['authorization', 'cookie', 'host', 'connection', 'transfer-encoding', 'content-length'],
    ...['su', 'forwarded', 'x-forwarded-host', 'x-http-method-override', 'x-wardgate-user'],
  ])('are never %s of a client', (name) => {
    expect(() => sentHeaders({ [name]: 'x' }, {}, ABOUT)).toThrow('none for the upstream');
  });
});
