import { meansDown, type CallPurpose } from './call-purpose.js';
import { OutboundFailure, type FailureReason } from './outbound-failure.js';

const PURPOSES: readonly CallPurpose[] = [
  'keys',
  'discovery',
  'introspection',
  'userinfo',
  'other',
];
const failed = (reason: FailureReason, status?: number): OutboundFailure =>
  new OutboundFailure('no', status, { reason });

describe('whether a failed call says that the service is down', () => {
  it.each(PURPOSES)('for %s: where no answer comes, or a gateway says so', (purpose) => {
    for (const reason of ['timeout', 'unreachable'] as const) {
      expect(meansDown(failed(reason), purpose)).toBe(true);
    }
    for (const reason of ['refused', 'not-tried', 'unusable'] as const) {
      expect(meansDown(failed(reason), purpose)).toBe(false);
    }
    for (const status of [502, 503, 504]) {
      expect(meansDown(failed('status', status), purpose)).toBe(true);
    }
    for (const status of [400, 401, 404, 429, 499]) {
      expect(meansDown(failed('status', status), purpose)).toBe(false);
    }
    expect(meansDown(new Error('a fault of ours'), purpose)).toBe(false);
  });

  it.each(PURPOSES)('for %s: by status 500 only where callers cannot provoke it', (purpose) => {
    const isProvoked = purpose !== 'keys' && purpose !== 'discovery';

    expect(meansDown(failed('status', 500), purpose)).toBe(!isProvoked);
    expect(meansDown(failed('status', 501), purpose)).toBe(!isProvoked);
  });

  it('never of a check', () => {
    expect(meansDown(failed('timeout'), 'check')).toBe(false);
    expect(meansDown(failed('status', 503), 'check')).toBe(false);
  });
});
