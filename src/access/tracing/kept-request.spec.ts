import type { AccessRequest } from '../../policy/access-request.js';
import type { Json } from '../../policy/json.js';
import { keepRequest } from './kept-request.js';

const GET: AccessRequest = {
  'request-method': 'get',
  uri: '/fhir/Patient/p1',
  headers: { accept: 'application/json' },
  user: { id: 'u1', data: { ward: 'w1' } },
  role: [{ name: 'nurse' }],
  session: { role: [{ name: 'nurse' }] },
};

const withBody = (body: Json): AccessRequest => ({
  ...GET,
  'request-method': 'put',
  body,
  resource: body,
});

describe('a request that is kept', () => {
  it('is the very request when it is small and has no body', () => {
    const { request, cut, isCopy } = keepRequest(GET);

    expect(request).toBe(GET);
    expect([cut, isCopy]).toEqual([[], false]);
  });

  it('shares nothing with a body, not even a text', () => {
    const body = { name: [{ family: 'a family of more than thirteen letters' }] };
    const { request, isCopy } = keepRequest(withBody(body));

    expect(isCopy).toBe(true);
    expect(request.body).toEqual(body);
    expect(request.body).not.toBe(body);
    expect(request.resource).toEqual(body);
    expect(request.user).toBe(GET.user);
    expect(request.session).toEqual({ role: GET.role });
  });

  it('holds a part of a large body, and says so', () => {
    const { request, cut, bytes } = keepRequest(
      withBody({
        id: 'x',
        text: 'y'.repeat(1_000_000),
        list: Array.from({ length: 50_000 }, () => 1),
      }),
    );

    expect(cut).toEqual(['body']);
    expect(JSON.stringify(request.body).length).toBeLessThan(10_000);
    expect(request.body).toMatchObject({ id: 'x', text: `${'y'.repeat(4_096)}…` });
    expect(bytes).toBeLessThan(100_000);
  });

  it.each([
    ['deep', JSON.parse(`${'{"a":'.repeat(3_000)}1${'}'.repeat(3_000)}`) as Json],
    ['with long names', { ['n'.repeat(100_000)]: 1 }],
    ['wide', Object.fromEntries(Array.from({ length: 20_000 }, (_, at) => [`k${at}`, at]))],
  ])('is bounded for a body that is %s', (_what, body) => {
    const { request, cut } = keepRequest(withBody(body));

    expect(cut).toEqual(['body']);
    expect(JSON.stringify(request.body).length).toBeLessThan(20_000);
  });

  it('leaves out most of a large User', () => {
    const { request, cut } = keepRequest({
      ...GET,
      user: { id: 'u1', data: { note: 'n'.repeat(50_000) } },
    });

    expect(cut).toEqual(['user']);
    expect(request.user).toMatchObject({ id: 'u1' });
    expect(JSON.stringify(request).length).toBeLessThan(5_000);
  });

  it('does not remember secrets of a body', () => {
    const { request } = keepRequest(withBody({ password: 'S3CRET', name: 'shown' }));

    expect(request.body).toEqual({ password: '[redacted]', name: 'shown' });
    expect(JSON.stringify(request)).not.toContain('S3CRET');
  });

  it('copies the parameters of a form, which came in a body', () => {
    const params = { family: 'a name of more than thirteen letters' };
    const { request, isCopy } = keepRequest({ ...GET, 'request-method': 'post', params });

    expect(isCopy).toBe(true);
    expect(request.params).toEqual(params);
    expect(request.params).not.toBe(params);
  });
});
