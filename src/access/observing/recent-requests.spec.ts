import type { AccessRequest } from '../../policy/access-request.js';
import type { Json } from '../../policy/json.js';
import { RecentRequests } from './recent-requests.js';

function keep(recent: RecentRequests, requestId: string, request: AccessRequest): void {
  recent.keep({
    ...{ requestId, request, time: 1, caller: 'anonymous', administration: false },
    decision: { effect: 'deny', reason: 'no-policy', considered: [] },
  });
}

describe('RecentRequests', () => {
  it('keeps the last thousand, the newest first', () => {
    const recent = new RecentRequests();
    for (let at = 0; at < 1_250; at += 1) keep(recent, `r${at}`, { uri: '/x' });
    const ids = recent.recent().map(({ requestId }) => requestId);

    expect(ids).toHaveLength(1_000);
    expect(ids[0]).toBe('r1249');
    expect(ids.at(-1)).toBe('r250');
  });

  it.each<[string, Json, boolean]>([
    ['a small body', { resourceType: 'Patient', id: 'p1' }, false],
    ['a long text', { note: 'x'.repeat(16_385) }, true],
    ['a text that just fits', { note: 'x'.repeat(16_384) }, false],
    ['many values', Array.from({ length: 1_000 }, () => 1), true],
    ['just few enough values', Array.from({ length: 999 }, () => 1), false],
  ])('knows whether it may hold on to %s', (_what, body, isLeftOut) => {
    const recent = new RecentRequests();
    keep(recent, 'r', { uri: '/x', body, resource: body });
    const [record] = recent.recent();

    expect(record?.isBodyLeftOut).toBe(isLeftOut);
    expect(record?.request).toEqual(
      isLeftOut ? { uri: '/x' } : { uri: '/x', body, resource: body },
    );
  });

  it('keeps no secret of a body', () => {
    const recent = new RecentRequests();
    const body = { resourceType: 'User', password: 'hunter2' };
    keep(recent, 'r', { uri: '/User', body, resource: body });

    expect(JSON.stringify(recent.recent())).not.toContain('hunter2');
    expect(recent.recent()[0]?.request.body).toMatchObject({ resourceType: 'User' });
  });
});
