import { CircuitOpen } from './circuit-breaker.js';
import { AddressRefused } from './guarded-lookup.js';
import { OutboundFailure } from './outbound-failure.js';

describe('a failed call', () => {
  it.each([
    ['by the status that it was answered with', 500, 'status'],
    ['by an answer that cannot be used', undefined, 'unusable'],
  ])('is known without a reason: %s', (_what, status, reason) => {
    expect(new OutboundFailure('no', status)).toMatchObject({ status, reason });
  });

  it.each([
    ['OutboundFailure: no', new OutboundFailure('no')],
    ['CircuitOpen: ', new CircuitOpen(1)],
    ['AddressRefused: ', new AddressRefused()],
  ])('says what it is in a log: %s', (text, error) => {
    expect(String(error).startsWith(text)).toBe(true);
  });
});
